// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerException;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.layout.cms.SignedDataEdit;
import io.sgcsign.pki.DistinguishedName;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.PathResult;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.TimestampReport;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges PKCS#9 counter-signatures (RFC 5652 §11.4) as Authenticode used them before RFC 3161: the
 * authority signs the signature value and says when in signing-time.
 */
public final class CounterSignature {
  private CounterSignature() {}

  /**
   * Judges what an authority answered, before it becomes a counter-signature: a SignedData over the
   * signature value, with one signer and nothing that would be carried along unsigned.
   *
   * @param answer a ContentInfo
   * @param stamped the signature value that was sent
   */
  public static StampJudgement judgeAnswer(Bytes answer, Bytes stamped, PathFinder paths) {
    try {
      CmsStructure cms = CmsStructure.parse(answer);
      Optional<String> objection = objection(cms, stamped);
      if (objection.isPresent()) {
        return StampJudgement.unreadable(objection.get());
      }
      return judge(
          SignedDataEdit.parse(answer).signerInfo(),
          stamped,
          paths,
          Certificates.decode(cms.certificates()));
    } catch (ArtifactException | DerException e) {
      return StampJudgement.unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> objection(CmsStructure cms, Bytes stamped) {
    if (cms.signers().size() != 1) {
      return Optional.of("It has " + cms.signers().size() + " signers, not one");
    }
    boolean octets =
        cms.contentType().equals(Oids.DATA)
            && cms.content().isPresent()
            && Der.of(cms.content().get()).isOctets();
    if (!octets || !cms.digested().equals(stamped)) {
      return Optional.of("Something else was stamped");
    }
    SignerInfo signer = cms.signers().getFirst();
    if (!cms.digestAlgorithms().contains(signer.digest().oid())) {
      return Optional.of("The signer's digest is not in digestAlgorithms");
    }
    if (!signer.keyId().isEmpty()) {
      return Optional.of("The signer is not named by issuer and serial number");
    }
    List<Bytes> types = signer.signed(Oids.CONTENT_TYPE);
    if (!types.equals(List.of(DerWriter.oid(Oids.DATA)))) {
      return Optional.of("The content type that was signed is not data");
    }
    boolean bare = signer.unsignedAttributes().isEmpty() && cms.others().isEmpty();
    return bare ? Optional.empty() : Optional.of("It carries more than a signature");
  }

  static StampJudgement judge(
      Bytes der, Bytes stamped, PathFinder paths, List<X509Certificate> pool) {
    try {
      SignerInfo signer = CmsStructure.parseSigner(der);
      List<Bytes> times = signer.signed(Oids.SIGNING_TIME);
      if (times.size() != 1) {
        return StampJudgement.unreadable("The counter-signature does not say when");
      }
      Instant time = Der.of(times.getFirst()).time();
      return judge(signer, time, stamped, paths, pool);
    } catch (ArtifactException | DerException e) {
      return StampJudgement.unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static StampJudgement judge(
      SignerInfo signer,
      Instant time,
      Bytes stamped,
      PathFinder paths,
      List<X509Certificate> pool) {
    var expected = new SignerCheck.Expected(Optional.empty(), stamped, Set.of());
    SignerCheck signed = SignerCheck.of(signer, pool, expected);
    if (signed.certificate().isEmpty()) {
      return StampJudgement.unreadable("The authority's certificate is not in the signature");
    }
    X509Certificate authority = signed.certificate().get();
    var checks = new ArrayList<Check>(signed.checks());
    PathResult path = paths.find(authority, pool, time);
    checks.addAll(CertificateCheck.path(path, authority, time));
    checks.add(CertificateCheck.usage(authority, path, Set.of(KeyPurpose.TIME_STAMPING)));
    var report =
        new TimestampReport(
            "pkcs9",
            time,
            DistinguishedName.format(authority.getSubjectX500Principal()),
            authority.getNotAfter().toInstant(),
            checks);
    return StampJudgement.of(report, Optional.empty());
  }
}
