// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Has bytes signed that apksig made. */
final class ApkAsk {
  private ApkAsk() {}

  /**
   * Asks once.
   *
   * @param whole digest of the APK as it came in
   */
  static SignatureBlock.Value of(Bytes data, DigestAlgorithm digest, Digest whole, Signer signer) {
    CertificateChain chain = signer.context().chain();
    Scheme scheme =
        SignedData.schemeOf(data, chain)
            .orElseThrow(
                () -> new IllegalStateException("apksig wants signed what no scheme has signed"));
    var imprint =
        new Imprint(
            ApkFormat.NAME,
            ApkFormat.NAME,
            Digest.of(digest, data),
            whole,
            chain.fingerprint(),
            List.of(),
            new TreeMap<>(
                Map.of(
                    ApkFormat.SCHEME, scheme.wireName(), ApkFormat.SIGNED_DATA, data.toBase64())));
    return switch (signer.sign(imprint)) {
      case SignatureBlock.Value value -> value;
      case SignatureBlock.Cms _, SignatureBlock.Xml _ ->
          throw new IllegalStateException("The signer answered with no bare value");
    };
  }
}
