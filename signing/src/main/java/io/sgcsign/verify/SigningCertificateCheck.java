// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.verify.CmsStructure.Algorithm;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import io.sgcsign.verify.VerificationReport.Check;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The ESS attributes that say by digest which certificate signed (RFC 2634 §5.4, RFC 5035 §3), so
 * that no other certificate of the same key can be put in its place.
 */
final class SigningCertificateCheck {
  private SigningCertificateCheck() {}

  /** Whether the signer says which certificate is its own; empty: it does not say. */
  static Optional<Check> of(SignerInfo signer, X509Certificate certificate) {
    List<Bytes> first = signer.signed(Oids.SIGNING_CERTIFICATE);
    List<Bytes> second = signer.signed(Oids.SIGNING_CERTIFICATE_V2);
    if (first.isEmpty() && second.isEmpty()) {
      return Optional.empty();
    }
    Bytes der = CertificateChain.der(certificate);
    try {
      boolean good =
          first.stream().allMatch(v -> names(v, DigestAlgorithm.SHA1, der))
              && second.stream().allMatch(v -> names(v, DigestAlgorithm.SHA256, der));
      return Optional.of(
          good
              ? Check.passed(CheckName.SIGNED_ATTRIBUTES)
              : Check.failed(
                  CheckName.SIGNED_ATTRIBUTES, "It names another certificate as its signer's"));
    } catch (DerException e) {
      return Optional.of(Check.failed(CheckName.SIGNED_ATTRIBUTES, String.valueOf(e.getMessage())));
    }
  }

  /** SigningCertificate[V2]: the first ESSCertID is the signer's. */
  private static boolean names(Bytes value, DigestAlgorithm byDefault, Bytes certificate) {
    DerCursor id = Der.of(value).sequence().next().sequence().next().sequence();
    Optional<Der> named =
        byDefault == DigestAlgorithm.SHA1 ? Optional.empty() : id.optional(Der.SEQUENCE);
    Optional<DigestAlgorithm> algorithm =
        named.isEmpty()
            ? Optional.of(byDefault)
            : DigestAlgorithm.byOid(Algorithm.of(named.get()).oid());
    Bytes hash = id.next(Der.OCTET_STRING).octets();
    return algorithm.isPresent() && Digest.of(algorithm.get(), certificate).value().equals(hash);
  }
}
