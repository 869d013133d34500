// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerException;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.ToBeSigned.Attribute;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import io.sgcsign.verify.VerificationReport.Check;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges one SignerInfo as far as no trust is needed: algorithms, signed attributes, signature
 * value.
 *
 * @param certificate the signer's; empty if it is not there
 * @param scheme empty if it is unknown or does not fit
 */
record SignerCheck(
    Optional<X509Certificate> certificate, Optional<SignatureScheme> scheme, List<Check> checks) {
  /** Bits. Shorter RSA keys can be factored by those who can pay for it (NIST SP 800-131A). */
  private static final int MIN_RSA_BITS = 2048;

  /**
   * What a SignerInfo has to agree with.
   *
   * @param contentType the content-type attribute; empty: need not be there
   * @param digested what the message-digest attribute covers
   * @param announced digestAlgorithms of the SignedData; empty: not known
   * @param plain whether plain data may be signed without attributes
   */
  record Expected(
      Optional<String> contentType, Bytes digested, Set<String> announced, boolean plain) {
    Expected(Optional<String> contentType, Bytes digested, Set<String> announced) {
      this(contentType, digested, announced, false);
    }
  }

  static SignerCheck of(SignerInfo signer, List<X509Certificate> pool, Expected expected) {
    Optional<X509Certificate> certificate = Certificates.ofSigner(signer, pool);
    Optional<SignatureScheme> scheme = SignatureScheme.of(signer);
    var checks = new ArrayList<Check>();
    checks.add(algorithms(signer, scheme, certificate, expected));
    checks.add(signedAttributes(signer, scheme, expected));
    checks.add(signatureValue(signer, scheme, certificate, expected));
    return new SignerCheck(certificate, scheme, List.copyOf(checks));
  }

  private static Check algorithms(
      SignerInfo signer,
      Optional<SignatureScheme> scheme,
      Optional<X509Certificate> certificate,
      Expected expected) {
    if (scheme.isEmpty()) {
      return Check.failed(
          CheckName.ALGORITHMS,
          "Digest %s with signature %s is weak, unknown or does not fit together"
              .formatted(signer.digest().oid(), signer.signature().oid()));
    }
    if (!expected.announced().isEmpty() && !expected.announced().contains(signer.digest().oid())) {
      return Check.failed(CheckName.ALGORITHMS, "The signer's digest is not in digestAlgorithms");
    }
    if (certificate.isPresent()) {
      var key = certificate.get().getPublicKey();
      if (!scheme.get().fits(key)) {
        return Check.failed(
            CheckName.ALGORITHMS, "A key for " + key.getAlgorithm() + " does not sign like this");
      }
      if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
        return Check.failed(
            CheckName.ALGORITHMS,
            "The RSA key has %d bits, less than %d"
                .formatted(rsa.getModulus().bitLength(), MIN_RSA_BITS));
      }
    }
    return scheme.get().algorithm().digest() == DigestAlgorithm.SHA1
        ? Check.warned(CheckName.ALGORITHMS, "SHA-1 can be made to collide")
        : Check.passed(CheckName.ALGORITHMS);
  }

  private static Check signedAttributes(
      SignerInfo signer, Optional<SignatureScheme> scheme, Expected expected) {
    List<Attribute> attributes = signer.signedAttributes();
    if (attributes.isEmpty()) {
      if (direct(signer, expected)) {
        return Check.skipped(CheckName.SIGNED_ATTRIBUTES, "The content itself is signed");
      }
      return Check.failed(CheckName.SIGNED_ATTRIBUTES, "There are no signed attributes");
    }
    if (attributes.stream().map(Attribute::oid).distinct().count() != attributes.size()) {
      return Check.failed(CheckName.SIGNED_ATTRIBUTES, "A signed attribute stands there twice");
    }
    try {
      return agree(signer, scheme, expected);
    } catch (DerException e) {
      return Check.failed(CheckName.SIGNED_ATTRIBUTES, String.valueOf(e.getMessage()));
    }
  }

  /**
   * RFC 5652 §5.4: plain data may be signed without attributes, as jarsigner did for long. Whoever
   * takes plain data must not take the attributes of another signature for it.
   */
  private static boolean direct(SignerInfo signer, Expected expected) {
    return expected.plain()
        && signer.signedAttributesDer().isEmpty()
        && expected.contentType().filter(Oids.DATA::equals).isPresent()
        && !expected.digested().isEmpty()
        && expected.digested().at(0) != Der.SET;
  }

  private static Check agree(
      SignerInfo signer, Optional<SignatureScheme> scheme, Expected expected) {
    List<Bytes> types = signer.signed(Oids.CONTENT_TYPE);
    if (expected.contentType().isPresent()
        && (types.size() != 1
            || !Der.of(types.getFirst()).oid().equals(expected.contentType().get()))) {
      return Check.failed(
          CheckName.SIGNED_ATTRIBUTES, "The content type is missing or another one was signed");
    }
    List<Bytes> digests = signer.signed(Oids.MESSAGE_DIGEST);
    if (digests.size() != 1 || scheme.isEmpty()) {
      return Check.failed(CheckName.SIGNED_ATTRIBUTES, "There is not one message digest");
    }
    Digest content = Digest.of(scheme.get().algorithm().digest(), expected.digested());
    return Der.of(digests.getFirst()).octets().equals(content.value())
        ? Check.passed(CheckName.SIGNED_ATTRIBUTES)
        : Check.failed(CheckName.SIGNED_ATTRIBUTES, "Another content was signed");
  }

  private static Check signatureValue(
      SignerInfo signer,
      Optional<SignatureScheme> scheme,
      Optional<X509Certificate> certificate,
      Expected expected) {
    if (certificate.isEmpty()) {
      return Check.failed(
          CheckName.SIGNATURE_VALUE, "The signer's certificate is not in the signature");
    }
    boolean direct = direct(signer, expected);
    if (scheme.isEmpty() || (signer.signedAttributesDer().isEmpty() && !direct)) {
      return Check.failed(CheckName.SIGNATURE_VALUE, "It cannot be checked");
    }
    boolean good =
        scheme
            .get()
            .verify(
                certificate.get().getPublicKey(),
                direct ? expected.digested() : signer.signedAttributesDer(),
                signer.value());
    return good
        ? Check.passed(CheckName.SIGNATURE_VALUE)
        : Check.failed(
            CheckName.SIGNATURE_VALUE, "The signature does not verify under the signer's key");
  }
}
