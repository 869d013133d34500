// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.PathResult;
import io.sgcsign.pki.PathResult.Trusted;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges signatures that are a bare value over octets, as XML signatures are: algorithm, value,
 * time stamp, certificate. What the octets mean is the format's business, which hands its checks
 * in. Made for one policy; thread-safe.
 */
public final class ValueVerifier {
  /** Bits. Shorter RSA keys can be factored by those who can pay for it (NIST SP 800-131A). */
  private static final int MIN_RSA_BITS = 2048;

  private final VerificationPolicy policy;
  private final PathFinder paths;

  public ValueVerifier(VerificationPolicy policy) {
    this.policy = policy;
    this.paths = new CachedPaths(TrustStore.of(policy.anchors()));
  }

  /**
   * A signature.
   *
   * @param octets what is signed
   * @param tokens RFC 3161 tokens over {@code value}
   */
  public record Signature(
      Bytes octets, Bytes value, SignatureAlgorithm algorithm, List<Bytes> tokens) {
    public Signature {
      tokens = List.copyOf(tokens);
    }

    /** Whether it was made with this key. */
    public boolean madeWith(PublicKey key) {
      var scheme = new SignatureScheme(algorithm, 0);
      return scheme.fits(key) && scheme.verify(key, octets, value);
    }
  }

  /**
   * Decodes the certificates of a signature.
   *
   * @throws ArtifactException if one of them is none
   */
  public static List<X509Certificate> certificates(List<Bytes> encoded) {
    return Certificates.decode(encoded);
  }

  /**
   * Judges a signature.
   *
   * @param path where it stands, for the report
   * @param leaf the signer's certificate
   * @param pool certificates that may complete a path
   * @param contentChecks what the format found
   */
  public SignatureReport judge(
      String path,
      Signature signature,
      X509Certificate leaf,
      List<X509Certificate> pool,
      List<Check> contentChecks) {
    var checks = new ArrayList<>(contentChecks);
    checks.add(algorithms(signature.algorithm(), leaf.getPublicKey()));
    checks.add(
        signature.madeWith(leaf.getPublicKey())
            ? Check.passed(CheckName.SIGNATURE_VALUE)
            : Check.failed(
                CheckName.SIGNATURE_VALUE, "The signature does not verify under the signer's key"));
    StampCheck stamp = StampCheck.of(signature.tokens(), signature.value(), paths, policy);
    checks.add(stamp.check());
    boolean survives =
        stamp.time().isPresent()
            && !CertificateCheck.purposes(leaf).contains(KeyPurpose.LIFETIME_SIGNING);
    Instant at = survives ? stamp.time().get() : policy.time();
    var all = new ArrayList<>(pool);
    all.addAll(policy.intermediates());
    PathResult found = paths.find(leaf, all, at);
    checks.addAll(CertificateCheck.path(found, leaf, at));
    checks.add(CertificateCheck.usage(leaf, found, policy.extendedKeyUsage()));
    checks.add(Revocation.check(found, List.of(), at));
    Status rest = Verdict.of(checks.stream().filter(c -> c.name() != CheckName.TIMESTAMP).toList());
    return new SignatureReport(
        path,
        Verdict.worst(List.of(rest, stamp.status())),
        Optional.of(leaf),
        signature.algorithm().digest().wireName(),
        signature.algorithm().toString(),
        trustedBy(found),
        stamp.report(),
        survives,
        checks);
  }

  private static Check algorithms(SignatureAlgorithm algorithm, PublicKey key) {
    if (!new SignatureScheme(algorithm, 0).fits(key)) {
      return Check.failed(
          CheckName.ALGORITHMS, "A key for " + key.getAlgorithm() + " does not sign like this");
    }
    if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      return Check.failed(
          CheckName.ALGORITHMS,
          "The RSA key has %d bits, less than %d"
              .formatted(rsa.getModulus().bitLength(), MIN_RSA_BITS));
    }
    return algorithm.digest() == DigestAlgorithm.SHA1
        ? Check.warned(CheckName.ALGORITHMS, "SHA-1 can be made to collide")
        : Check.passed(CheckName.ALGORITHMS);
  }

  private Optional<String> trustedBy(PathResult found) {
    return found instanceof Trusted trusted
        ? Optional.of(policy.providerAnchors().contains(trusted.anchor()) ? "provider" : "anchor")
        : Optional.empty();
  }
}
