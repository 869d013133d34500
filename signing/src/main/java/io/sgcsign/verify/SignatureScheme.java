// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm.Scheme;
import io.sgcsign.verify.CmsStructure.Algorithm;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Map;
import java.util.Optional;

/**
 * How a SignerInfo is signed: digest and signature algorithm fit together and are known.
 *
 * @param saltLength of PSS, in bytes; else 0
 */
record SignatureScheme(SignatureAlgorithm algorithm, int saltLength) {
  private static final String RSA = "1.2.840.113549.1.1.1";
  private static final String PSS = "1.2.840.113549.1.1.10";
  private static final String MGF1 = "1.2.840.113549.1.1.8";

  /** id-ecPublicKey: what Windows writes where RFC 5754 wants ecdsa-with-SHA256. */
  private static final String EC = "1.2.840.10045.2.1";

  /** Signature algorithms that name their digest (RFC 5754 §3.2 and §3.3). */
  private static final Map<String, SignatureAlgorithm> COMBINED =
      Map.of(
          "1.2.840.113549.1.1.5", rsa(DigestAlgorithm.SHA1),
          "1.2.840.113549.1.1.11", rsa(DigestAlgorithm.SHA256),
          "1.2.840.113549.1.1.12", rsa(DigestAlgorithm.SHA384),
          "1.2.840.113549.1.1.13", rsa(DigestAlgorithm.SHA512),
          "1.2.840.10045.4.1", ecdsa(DigestAlgorithm.SHA1),
          "1.2.840.10045.4.3.2", ecdsa(DigestAlgorithm.SHA256),
          "1.2.840.10045.4.3.3", ecdsa(DigestAlgorithm.SHA384),
          "1.2.840.10045.4.3.4", ecdsa(DigestAlgorithm.SHA512));

  /** Bytes of salt: more than any digest has. RFC 8017 sets no limit. */
  private static final BigInteger MAX_SALT = BigInteger.valueOf(512);

  private static SignatureAlgorithm rsa(DigestAlgorithm digest) {
    return new SignatureAlgorithm(Scheme.RSA_PKCS1, digest);
  }

  private static SignatureAlgorithm ecdsa(DigestAlgorithm digest) {
    return new SignatureAlgorithm(Scheme.ECDSA, digest);
  }

  /** Empty: unknown, or the digest in the signature algorithm is not that of the SignerInfo. */
  static Optional<SignatureScheme> of(SignerInfo signer) {
    Optional<DigestAlgorithm> digest = DigestAlgorithm.byOid(signer.digest().oid());
    if (digest.isEmpty()) {
      return Optional.empty();
    }
    String oid = signer.signature().oid();
    if (oid.equals(PSS)) {
      return pss(signer.signature(), digest.get());
    }
    SignatureAlgorithm found =
        switch (oid) {
          case RSA -> rsa(digest.get());
          case EC -> ecdsa(digest.get());
          default -> COMBINED.get(oid);
        };
    return Optional.ofNullable(found)
        .filter(a -> a.digest() == digest.get())
        .map(a -> new SignatureScheme(a, 0));
  }

  /** RSASSA-PSS-params (RFC 8017 A.2.3); only with the same hash everywhere. */
  private static Optional<SignatureScheme> pss(Algorithm algorithm, DigestAlgorithm digest) {
    try {
      DerCursor fields = Der.of(algorithm.parameters()).sequence();
      String hash =
          fields.optional(0xa0).map(h -> oid(h.only())).orElse(DigestAlgorithm.SHA1.oid());
      Optional<Algorithm> mask = fields.optional(0xa1).map(m -> Algorithm.of(m.only()));
      BigInteger salt =
          fields.optional(0xa2).map(s -> s.only().integer()).orElse(BigInteger.valueOf(20));
      BigInteger trailer =
          fields.optional(0xa3).map(t -> t.only().integer()).orElse(BigInteger.ONE);
      fields.end();
      String maskHash = DigestAlgorithm.SHA1.oid();
      if (mask.isPresent()) {
        maskHash = mask.get().oid().equals(MGF1) ? oid(Der.of(mask.get().parameters())) : "";
      }
      boolean fits =
          hash.equals(digest.oid())
              && maskHash.equals(digest.oid())
              && trailer.equals(BigInteger.ONE)
              && salt.signum() >= 0
              && salt.compareTo(MAX_SALT) <= 0;
      var scheme = new SignatureAlgorithm(Scheme.RSA_PSS, digest);
      return fits ? Optional.of(new SignatureScheme(scheme, salt.intValue())) : Optional.empty();
    } catch (DerException e) {
      return Optional.empty(); // parameters of no known form: an unknown algorithm
    }
  }

  private static String oid(Der algorithm) {
    return Algorithm.of(algorithm).oid();
  }

  /** Whether a key of this kind can make such signatures. */
  boolean fits(PublicKey key) {
    return key.getAlgorithm().startsWith("RSA") == (algorithm.scheme() != Scheme.ECDSA)
        && !(key.getAlgorithm().equals("RSASSA-PSS") && algorithm.scheme() != Scheme.RSA_PSS);
  }

  /** Whether {@code value} is a signature of {@code message} under {@code key}. */
  boolean verify(PublicKey key, Bytes message, Bytes value) {
    try {
      Signature signature = newSignature();
      signature.initVerify(key);
      signature.update(message.asBuffer());
      return signature.verify(value.toArray());
    } catch (GeneralSecurityException e) {
      return false; // a key or value of the wrong form signs nothing
    }
  }

  private Signature newSignature() throws GeneralSecurityException {
    String hash = algorithm.digest().jcaName();
    String shortHash = hash.replace("-", "");
    return switch (algorithm.scheme()) {
      case RSA_PKCS1 -> Signature.getInstance(shortHash + "withRSA");
      case ECDSA -> Signature.getInstance(shortHash + "withECDSA");
      case RSA_PSS -> {
        Signature pss = Signature.getInstance("RSASSA-PSS");
        var mask = new MGF1ParameterSpec(hash);
        pss.setParameter(new PSSParameterSpec(hash, "MGF1", mask, saltLength, 1));
        yield pss;
      }
    };
  }
}
