// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.layout.cms.CertificateSet;
import io.sgcsign.layout.cms.SignedDataEdit;
import io.sgcsign.signature.ToBeSigned.TimestampSlot;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts an authority's answer into a signature: its SignerInfo becomes the counter-signature (RFC
 * 5652 §11.4), its certificates join ours, as there is no other place for them.
 */
final class CounterStamp {
  private CounterStamp() {}

  /**
   * Stamps.
   *
   * @param signature a ContentInfo without unsigned attributes
   * @param answer a checked ContentInfo with one signer
   */
  static Bytes in(Bytes signature, Bytes answer) {
    var given = SignedDataEdit.parse(answer);
    var ours = SignedDataEdit.parse(signature);
    var certificates = new ArrayList<>(ours.certificates());
    authority(given).stream().filter(c -> !certificates.contains(c)).forEach(certificates::add);
    return ours.withCertificates(certificates)
        .withUnsignedAttribute(TimestampSlot.COUNTER_SIGNATURE.oid(), List.of(given.signerInfo()))
        .der();
  }

  /** Its certificate and those above it, no stranger's. */
  private static List<Bytes> authority(SignedDataEdit answer) {
    DerCursor signer = Der.of(answer.signerInfo()).sequence();
    var _ = signer.next();
    DerCursor named = signer.next().sequence();
    Bytes issuer = named.next().encoded();
    return CertificateSet.of(answer.certificates())
        .chainWithoutRoot(issuer, named.next().integer());
  }
}
