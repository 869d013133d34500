// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerException;
import io.sgcsign.layout.pe.ImageScan;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.layout.pe.WinCertificate;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.CmsVerifier;
import io.sgcsign.verify.Verdict;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges Authenticode signatures of a PE file (Windows Authenticode Portable Executable Signature
 * Format). Stricter than Windows by default: data hidden in the certificate table (CVE-2013-3900)
 * and a wrong checksum are refused, and so is a file of which any signature is broken.
 */
final class AuthenticodeVerification {
  /** Signatures in one file, nested ones included. Files with four are rare. */
  private static final int MAX_SIGNATURES = 64;

  /** Levels of signatures in signatures. Windows looks at one. */
  private static final int MAX_NESTING = 4;

  private final PeFile pe;
  private final CmsVerifier verifier;
  private final List<Found> found = new ArrayList<>();

  private AuthenticodeVerification(PeFile pe, VerificationPolicy policy) {
    this.pe = pe;
    this.verifier = new CmsVerifier(policy);
  }

  /** A signature in the file: readable, or with the reason why it is not. */
  private sealed interface Found {
    record Parsed(String path, CmsStructure cms, SpcContent content) implements Found {}

    record Broken(String path, String reason) implements Found {}
  }

  /**
   * Judges every signature. Where the policy names no usage, the signer's certificate must be for
   * code signing.
   *
   * @throws ArtifactException if the file is no PE file or a damaged one
   */
  static VerificationReport verify(Artifact artifact, VerificationPolicy policy) {
    PeFile pe;
    try {
      pe = PeFile.parse(artifact);
    } catch (ArtifactException e) {
      if (e.code().equals("SGC-ARTIFACT-HIDDEN-DATA")) {
        var hidden = Check.failed(CheckName.HIDDEN_DATA, String.valueOf(e.getMessage()));
        return report(Status.INVALID, List.of(), List.of(hidden));
      }
      throw e;
    }
    if (!pe.signed()) {
      return report(Status.UNSIGNED, List.of(), List.of(Check.passed(CheckName.STRUCTURE)));
    }
    VerificationPolicy strict =
        policy.extendedKeyUsage().isEmpty()
            ? policy.withUsage(Set.of(KeyPurpose.CODE_SIGNING))
            : policy;
    return new AuthenticodeVerification(pe, strict).run();
  }

  private static VerificationReport report(
      Status status, List<SignatureReport> signatures, List<Check> fileChecks) {
    return new VerificationReport(AuthenticodeFormat.NAME, status, signatures, fileChecks);
  }

  private VerificationReport run() {
    List<WinCertificate> entries = pe.certificates().entries();
    for (int i = 0; i < entries.size(); i++) {
      collect(Integer.toString(i), entries.get(i));
    }
    ImageScan scan = pe.scan(algorithms());
    List<SignatureReport> signatures = found.stream().map(f -> judge(f, scan)).toList();
    List<Check> fileChecks =
        List.of(Check.passed(CheckName.STRUCTURE), hiddenData(), checksum(scan));
    return report(overall(signatures, fileChecks), signatures, fileChecks);
  }

  /** The primary signature decides; no other may be broken. */
  private static Status overall(List<SignatureReport> signatures, List<Check> fileChecks) {
    var deciding = new ArrayList<Status>();
    deciding.add(Verdict.of(fileChecks));
    deciding.add(signatures.getFirst().status());
    signatures.stream()
        .map(SignatureReport::status)
        .filter(s -> s == Status.INVALID || s == Status.REVOKED)
        .forEach(deciding::add);
    return Verdict.worst(deciding);
  }

  private void collect(String path, WinCertificate entry) {
    if (!entry.signedData() || entry.revision() != WinCertificate.REVISION_2) {
      found.add(
          new Found.Broken(
              path,
              "The table entry has type %d, revision 0x%04x: no Authenticode signature"
                  .formatted(entry.type(), entry.revision())));
      return;
    }
    collect(path, entry.content(), 0);
  }

  private void collect(String path, Bytes der, int nesting) {
    if (found.size() >= MAX_SIGNATURES || nesting > MAX_NESTING) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          "The file has more than %d signatures or %d levels of them"
              .formatted(MAX_SIGNATURES, MAX_NESTING),
          "Take the signatures off and sign the file again.");
    }
    CmsStructure cms;
    try {
      cms = CmsStructure.parse(der);
      found.add(new Found.Parsed(path, cms, content(cms)));
    } catch (ArtifactException | DerException e) {
      found.add(new Found.Broken(path, String.valueOf(e.getMessage())));
      return;
    }
    int index = 0;
    for (Bytes nested : CmsVerifier.nested(cms)) {
      collect(path + ".nested." + index++, nested, nesting + 1);
    }
  }

  private static SpcContent content(CmsStructure cms) {
    if (!cms.contentType().equals(SpcIndirectData.CONTENT_TYPE)) {
      throw new DerException("The signature is no Authenticode, but " + cms.contentType());
    }
    return SpcContent.parse(cms.content().orElseThrow(() -> new DerException("It has no content")));
  }

  private Set<DigestAlgorithm> algorithms() {
    var out = EnumSet.noneOf(DigestAlgorithm.class);
    for (Found each : found) {
      if (each instanceof Found.Parsed parsed) {
        DigestAlgorithm.byOid(parsed.content().digestOid()).ifPresent(out::add);
      }
    }
    return out;
  }

  private SignatureReport judge(Found each, ImageScan scan) {
    return switch (each) {
      case Found.Broken broken -> CmsVerifier.unreadable(broken.path(), broken.reason());
      case Found.Parsed parsed -> {
        CmsStructure cms = parsed.cms();
        var checks = List.of(imageDigest(parsed.content(), scan), pages(parsed.content()));
        yield verifier.judge(parsed.path(), cms, cms.digested(), checks);
      }
    };
  }

  private static Check imageDigest(SpcContent content, ImageScan scan) {
    Optional<DigestAlgorithm> algorithm = DigestAlgorithm.byOid(content.digestOid());
    if (algorithm.isEmpty()) {
      return Check.failed(
          CheckName.CONTENT_DIGEST, "The image digest " + content.digestOid() + " is unknown");
    }
    return scan.digest(algorithm.get()).value().equals(content.digest())
        ? Check.passed(CheckName.CONTENT_DIGEST)
        : Check.failed(CheckName.CONTENT_DIGEST, "The file was changed after it was signed");
  }

  private Check pages(SpcContent content) {
    if (content.pages().isEmpty()) {
      return Check.skipped(CheckName.PAGE_HASHES, "The signature has none");
    }
    SpcContent.PageTable signed = content.pages().get();
    try {
      return pe.pageHashes(signed.algorithm()).table().equals(signed.table())
          ? Check.passed(CheckName.PAGE_HASHES)
          : Check.failed(CheckName.PAGE_HASHES, "The page hashes are not those of the file");
    } catch (ArtifactException e) {
      return Check.failed(CheckName.PAGE_HASHES, String.valueOf(e.getMessage()));
    }
  }

  private Check checksum(ImageScan scan) {
    long stored = pe.header().checksum();
    return stored == 0 || stored == scan.checksum()
        ? Check.passed(CheckName.CHECKSUM)
        : Check.failed(
            CheckName.CHECKSUM,
            "The header says 0x%08x, the file comes to 0x%08x".formatted(stored, scan.checksum()));
  }

  private Check hiddenData() {
    boolean hides = pe.certificates().hidesData() || gapsHide();
    return hides
        ? Check.failed(
            CheckName.HIDDEN_DATA,
            "The certificate table holds data that no signature covers (CVE-2013-3900)")
        : Check.passed(CheckName.HIDDEN_DATA);
  }

  /** Entries begin at multiples of 8; between them there must be nothing but zeros. */
  private boolean gapsHide() {
    List<WinCertificate> entries = pe.certificates().entries();
    long tableEnd = pe.artifact().size() - pe.certificates().slack().size();
    for (int i = 0; i < entries.size(); i++) {
      WinCertificate entry = entries.get(i);
      long end = entry.end();
      long next = i + 1 < entries.size() ? entries.get(i + 1).offset() : tableEnd;
      Bytes gap = pe.artifact().read(end, (int) (next - end));
      if (!gap.equals(Bytes.wrap(new byte[gap.size()]))) {
        return true;
      }
    }
    return false;
  }
}
