// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.ToBeSigned.Attribute;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ASN.1 of Authenticode (Windows Authenticode Portable Executable Signature Format, "Appendix
 * 1: Structures"), byte for byte as signtool writes it.
 */
final class SpcIndirectData {
  /** SPC_INDIRECT_DATA_OBJID. */
  static final String CONTENT_TYPE = "1.3.6.1.4.1.311.2.1.4";

  private static final String SP_OPUS_INFO = "1.3.6.1.4.1.311.2.1.12";
  private static final String STATEMENT_TYPE = "1.3.6.1.4.1.311.2.1.11";
  private static final Bytes INDIVIDUAL = DerWriter.oid("1.3.6.1.4.1.311.2.1.21");

  private SpcIndirectData() {}

  /**
   * SpcIndirectDataContent without tag and length: what messageDigest covers.
   *
   * @param data SpcAttributeTypeAndOptionalValue: the kind of file and what it adds
   */
  static Bytes body(Bytes data, Digest digest) {
    return body(data, digest.algorithm(), digest.value());
  }

  /** The same for kinds that have something else in place of the digest. */
  static Bytes body(Bytes data, DigestAlgorithm digestAlgorithm, Bytes digest) {
    Bytes algorithm = DerWriter.sequence(DerWriter.oid(digestAlgorithm.oid()), DerWriter.nothing());
    return Bytes.concat(data, DerWriter.sequence(algorithm, DerWriter.octetString(digest)));
  }

  /** The signed attributes besides content-type and message-digest. */
  static List<Attribute> attributes(Optional<String> description, Optional<String> url) {
    var fields = new ArrayList<Bytes>();
    // SpcString unicode [0] and SpcLink url [0], each inside its explicit tag
    description.ifPresent(
        d -> fields.add(DerWriter.explicit(0, DerWriter.implicit(0, DerWriter.bmp(d)))));
    url.ifPresent(u ->
        fields.add(
            DerWriter.explicit(
                1, DerWriter.implicit(0, Bytes.wrap(u.getBytes(StandardCharsets.US_ASCII))))));
    return List.of(
        new Attribute(SP_OPUS_INFO, List.of(DerWriter.sequence(fields.toArray(Bytes[]::new)))),
        new Attribute(STATEMENT_TYPE, List.of(DerWriter.sequence(INDIVIDUAL))));
  }
}
