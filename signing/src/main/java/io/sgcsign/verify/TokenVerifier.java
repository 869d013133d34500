// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerException;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.DistinguishedName;
import io.sgcsign.pki.PathResult;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.TimestampReport;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Judges RFC 3161 time-stamp tokens. No clock: a token is judged at the time it names. */
public final class TokenVerifier {
  private TokenVerifier() {}

  /**
   * Judges a token.
   *
   * @param token a ContentInfo
   * @param stamped the digest of what ought to be stamped, by algorithm
   * @param pool certificates besides the token's own that may complete a path
   */
  public static StampJudgement judge(
      Bytes token,
      Function<DigestAlgorithm, Bytes> stamped,
      PathFinder paths,
      List<X509Certificate> pool) {
    try {
      CmsStructure cms = CmsStructure.parse(token);
      if (!cms.contentType().equals(Oids.TST_INFO) || cms.signers().size() != 1) {
        return StampJudgement.unreadable("It is no time-stamp token with one signer");
      }
      if (cms.content().isEmpty() || !Der.of(cms.content().get()).isOctets()) {
        return StampJudgement.unreadable("The token has no content in an OCTET STRING");
      }
      TstInfo info = TstInfo.parse(cms.digested());
      var certificates = new ArrayList<>(Certificates.decode(cms.certificates()));
      certificates.addAll(pool);
      return judge(cms, info, stamped, paths, certificates);
    } catch (ArtifactException | DerException e) {
      return StampJudgement.unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static StampJudgement judge(
      CmsStructure cms,
      TstInfo info,
      Function<DigestAlgorithm, Bytes> stamped,
      PathFinder paths,
      List<X509Certificate> certificates) {
    SignerInfo signer = cms.signers().getFirst();
    var expected =
        new SignerCheck.Expected(
            Optional.of(Oids.TST_INFO), cms.digested(), cms.digestAlgorithms());
    SignerCheck signed = SignerCheck.of(signer, certificates, expected);
    var checks = new ArrayList<Check>();
    checks.add(imprint(info, stamped));
    checks.addAll(signed.checks());
    if (signed.certificate().isEmpty()) {
      return StampJudgement.unreadable("The authority's certificate is not in the token");
    }
    X509Certificate authority = signed.certificate().get();
    checks.add(namesItsSigner(signer, authority));
    PathResult path = paths.find(authority, certificates, info.time());
    checks.addAll(CertificateCheck.path(path, authority, info.time()));
    checks.add(CertificateCheck.stampUsage(authority, path));
    var report =
        new TimestampReport(
            "rfc3161",
            info.time(),
            DistinguishedName.format(authority.getSubjectX500Principal()),
            authority.getNotAfter().toInstant(),
            checks);
    return StampJudgement.of(report, Optional.of(info));
  }

  private static Check imprint(TstInfo info, Function<DigestAlgorithm, Bytes> stamped) {
    Optional<DigestAlgorithm> algorithm = DigestAlgorithm.byOid(info.digestOid());
    return algorithm.isPresent() && stamped.apply(algorithm.get()).equals(info.imprint())
        ? Check.passed(CheckName.CONTENT_DIGEST)
        : Check.failed(CheckName.CONTENT_DIGEST, "Something else was stamped");
  }

  /** RFC 3161 §2.4.2 and RFC 5816: a token says which certificate signed it. */
  private static Check namesItsSigner(SignerInfo signer, X509Certificate certificate) {
    return SigningCertificateCheck.of(signer, certificate)
        .orElse(
            Check.warned(
                CheckName.SIGNED_ATTRIBUTES, "The token does not say which certificate signed it"));
  }
}
