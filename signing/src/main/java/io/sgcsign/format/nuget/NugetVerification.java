// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.nuget;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerException;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import io.sgcsign.verify.CmsVerifier;
import io.sgcsign.verify.Verdict;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges the signatures of a NuGet package: the primary one, an author's or a repository's, and the
 * repository's counter-signature of an author's (NuGet Package Signatures and Repository Signatures
 * and Countersignatures Technical Specifications).
 */
final class NugetVerification {
  /** RSASSA-PKCS1-v1_5, with the digest named beside it or in one (RFC 3370, RFC 5754). */
  private static final Set<String> RSA =
      Set.of(
          "1.2.840.113549.1.1.1",
          "1.2.840.113549.1.1.11",
          "1.2.840.113549.1.1.12",
          "1.2.840.113549.1.1.13");

  private static final String TIME_STAMP_TOKEN = "1.2.840.113549.1.9.16.2.14";

  private final NugetPackage file;
  private final CmsVerifier verifier;

  private NugetVerification(NugetPackage file, VerificationPolicy policy) {
    this.file = file;
    this.verifier = new CmsVerifier(policy).withoutCounterStamps();
  }

  /**
   * Judges every signature. Where the policy names no usage, a signer's certificate must be for
   * code signing.
   */
  static VerificationReport verify(NugetPackage file, VerificationPolicy policy) {
    Check structure = structure(file);
    if (file.signature().isEmpty()) {
      return new VerificationReport(
              NugetFormat.NAME, Status.UNSIGNED, List.of(), List.of(structure))
          .with(file.facts());
    }
    VerificationPolicy strict =
        policy.extendedKeyUsage().isEmpty()
            ? policy.withUsage(Set.of(KeyPurpose.CODE_SIGNING))
            : policy;
    List<SignatureReport> signatures = new NugetVerification(file, strict).signatures();
    var deciding = new ArrayList<Status>();
    deciding.add(Verdict.of(List.of(structure)));
    deciding.add(signatures.getFirst().status());
    signatures.stream()
        .map(SignatureReport::status)
        .filter(s -> s == Status.INVALID || s == Status.REVOKED)
        .forEach(deciding::add);
    return new VerificationReport(
            NugetFormat.NAME, Verdict.worst(deciding), signatures, List.of(structure))
        .with(file.facts());
  }

  private static Check structure(NugetPackage file) {
    Optional<String> fault = file.signature().flatMap(NugetPackage::fault);
    if (fault.isPresent()) {
      return Check.failed(CheckName.STRUCTURE, fault.get());
    }
    try {
      Nuspec nuspec = file.nuspec();
      String said = "package " + nuspec.id() + " " + nuspec.version();
      return new Check(CheckName.STRUCTURE, Outcome.PASSED, true, said);
    } catch (ArtifactException e) {
      return Check.failed(CheckName.STRUCTURE, String.valueOf(e.getMessage()));
    }
  }

  private List<SignatureReport> signatures() {
    CmsStructure cms;
    try {
      cms = CmsStructure.parse(file.block().orElse(Bytes.EMPTY));
    } catch (ArtifactException e) {
      return List.of(CmsVerifier.unreadable("0", String.valueOf(e.getMessage())));
    }
    if (cms.signers().size() != 1) {
      return List.of(CmsVerifier.unreadable("0", "There is not exactly one primary signature"));
    }
    SignerInfo primary = cms.signers().getFirst();
    var checks =
        List.of(
            contentDigest(cms),
            SignatureType.check(primary, List.of(SignatureType.values())),
            algorithms(primary),
            hiddenData(cms, primary, Set.of(TIME_STAMP_TOKEN, CounterSigning.ATTRIBUTE)));
    var out = new ArrayList<SignatureReport>();
    out.add(verifier.judge("0", cms, cms.digested(), checks));
    List<Bytes> counters = CmsVerifier.counters(cms);
    for (int i = 0; i < counters.size(); i++) {
      String path = "0.counter." + i;
      // the specification: not more than one repository counter-signature
      out.add(
          i == 0
              ? counter(path, cms, counters.get(i))
              : CmsVerifier.unreadable(path, "There is another counter-signature"));
    }
    return out;
  }

  private SignatureReport counter(String path, CmsStructure cms, Bytes der) {
    try {
      SignerInfo counter = CmsStructure.parseSigner(der);
      var checks =
          List.of(
              SignatureType.check(counter, List.of(SignatureType.REPOSITORY)),
              algorithms(counter),
              hiddenData(cms, counter, Set.of(TIME_STAMP_TOKEN)));
      return verifier.judgeCounter(path, cms, counter, checks);
    } catch (ArtifactException e) {
      return CmsVerifier.unreadable(path, String.valueOf(e.getMessage()));
    }
  }

  private Check contentDigest(CmsStructure cms) {
    try {
      boolean text =
          cms.contentType().equals(SignedContent.TYPE)
              && cms.content().isPresent()
              && Der.of(cms.content().get()).isOctets();
      if (!text) {
        return Check.failed(CheckName.CONTENT_DIGEST, "The signature has no signed text");
      }
      Digest signed = SignedContent.parse(cms.digested());
      Digest now = file.artifact().with(file.strip()).digest(signed.algorithm());
      return now.equals(signed)
          ? Check.passed(CheckName.CONTENT_DIGEST)
          : Check.failed(CheckName.CONTENT_DIGEST, "The package was changed after it was signed");
    } catch (ArtifactException | DerException e) {
      return Check.failed(CheckName.CONTENT_DIGEST, String.valueOf(e.getMessage()));
    }
  }

  private static Check algorithms(SignerInfo signer) {
    boolean known =
        RSA.contains(signer.signature().oid())
            && DigestAlgorithm.byOid(signer.digest().oid())
                .filter(a -> a != DigestAlgorithm.SHA1)
                .isPresent();
    return known
        ? Check.passed(CheckName.ALGORITHMS)
        : Check.failed(CheckName.ALGORITHMS, "NuGet takes RSA with SHA-256, 384 or 512 only");
  }

  /** What no signature covers must be of a kind that is judged by itself. */
  private static Check hiddenData(CmsStructure cms, SignerInfo signer, Set<String> known) {
    Optional<String> unknown =
        signer.unsignedAttributes().stream()
            .map(a -> a.oid())
            .filter(oid -> !known.contains(oid))
            .findFirst();
    return unknown
        .map(oid -> Check.failed(CheckName.HIDDEN_DATA, "Unknown unsigned attribute " + oid))
        .orElse(CmsVerifier.hiddenData(cms));
  }
}
