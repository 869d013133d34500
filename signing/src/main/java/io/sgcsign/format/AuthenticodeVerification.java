// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerException;
import io.sgcsign.format.AuthenticodeSubject.Entry;
import io.sgcsign.format.AuthenticodeSubject.Payload;
import io.sgcsign.format.AuthenticodeSubject.Scan;
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
import java.util.Set;
import java.util.function.Supplier;

/**
 * Judges the Authenticode signatures of a file. Stricter than Windows by default: a file of which
 * any signature is broken is refused, and so is data hidden where no signature covers it.
 */
final class AuthenticodeVerification {
  /** Signatures in one file, nested ones included. Files with four are rare. */
  private static final int MAX_SIGNATURES = 64;

  /** Levels of signatures in signatures. Windows looks at one. */
  private static final int MAX_NESTING = 4;

  private final String format;
  private final AuthenticodeSubject subject;
  private final CmsVerifier verifier;
  private final List<Found> found = new ArrayList<>();

  private AuthenticodeVerification(
      String format, AuthenticodeSubject subject, VerificationPolicy policy) {
    this.format = format;
    this.subject = subject;
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
   * @param format the name of the format that is asked
   * @param opening reads the file
   * @throws ArtifactException if the file is of no kind of the format or a damaged one
   */
  static VerificationReport verify(
      String format, Supplier<AuthenticodeSubject> opening, VerificationPolicy policy) {
    AuthenticodeSubject subject;
    try {
      subject = opening.get();
    } catch (ArtifactException e) {
      if (e.code().equals("SGC-ARTIFACT-HIDDEN-DATA")) {
        var hidden = Check.failed(CheckName.HIDDEN_DATA, String.valueOf(e.getMessage()));
        return report(format, Status.INVALID, List.of(), List.of(hidden));
      }
      throw e;
    }
    if (!subject.signed()) {
      return unsigned(format).with(subject.facts());
    }
    VerificationPolicy strict =
        policy.extendedKeyUsage().isEmpty()
            ? policy.withUsage(Set.of(KeyPurpose.CODE_SIGNING))
            : policy;
    VerificationReport report = new AuthenticodeVerification(format, subject, strict).run();
    for (Payload payload : subject.payload().stream().toList()) {
      AuthenticodeSubject part = payload.asItStands();
      if (part.signed()) {
        var inside = new AuthenticodeVerification(format, part, strict).run();
        report = together(report, payload.name(), inside);
      }
    }
    return report;
  }

  /** One report on a file and a signed part of it. */
  private static VerificationReport together(
      VerificationReport whole, String name, VerificationReport part) {
    var signatures = new ArrayList<>(whole.signatures());
    part.signatures().forEach(s -> signatures.add(s.at(name + "." + s.path())));
    var fileChecks = new ArrayList<>(whole.fileChecks());
    part.fileChecks().stream().filter(Check::refuses).forEach(fileChecks::add);
    Status status = Verdict.worst(List.of(whole.status(), part.status()));
    return report(whole.format(), status, signatures, fileChecks).with(whole.facts());
  }

  private static VerificationReport unsigned(String format) {
    return report(format, Status.UNSIGNED, List.of(), List.of(Check.passed(CheckName.STRUCTURE)));
  }

  private static VerificationReport report(
      String format, Status status, List<SignatureReport> signatures, List<Check> fileChecks) {
    return new VerificationReport(format, status, signatures, fileChecks);
  }

  private VerificationReport run() {
    List<Entry> entries = subject.signatures();
    for (int i = 0; i < entries.size(); i++) {
      String path = Integer.toString(i);
      switch (entries.get(i)) {
        case Entry.Sound(Bytes der) -> collect(path, der, 0);
        case Entry.Broken(String reason) -> found.add(new Found.Broken(path, reason));
      }
    }
    Scan scan = subject.scan(algorithms());
    List<SignatureReport> signatures = found.stream().map(f -> judge(f, scan)).toList();
    List<Check> fileChecks = subject.fileChecks(scan);
    return report(format, overall(signatures, fileChecks), signatures, fileChecks)
        .with(subject.facts());
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
      found.add(new Found.Parsed(path, cms, subject.claim(cms)));
    } catch (ArtifactException | DerException e) {
      found.add(new Found.Broken(path, String.valueOf(e.getMessage())));
      return;
    }
    int index = 0;
    for (Bytes nested : CmsVerifier.nested(cms)) {
      collect(path + ".nested." + index++, nested, nesting + 1);
    }
  }

  private Set<DigestAlgorithm> algorithms() {
    var out = EnumSet.noneOf(DigestAlgorithm.class);
    for (Found each : found) {
      if (each instanceof Found.Parsed parsed) {
        parsed.content().algorithm().ifPresent(out::add);
      }
    }
    return out;
  }

  private SignatureReport judge(Found each, Scan scan) {
    return switch (each) {
      case Found.Broken broken -> CmsVerifier.unreadable(broken.path(), broken.reason());
      case Found.Parsed parsed -> judge(parsed, scan);
    };
  }

  private SignatureReport judge(Found.Parsed parsed, Scan scan) {
    CmsStructure cms = parsed.cms();
    var checks = new ArrayList<Check>();
    try {
      checks.addAll(subject.judge(parsed.content(), scan));
    } catch (DerException e) {
      return CmsVerifier.unreadable(parsed.path(), String.valueOf(e.getMessage()));
    }
    checks.add(CmsVerifier.hiddenData(cms));
    CmsVerifier.signer(cms).ifPresent(c -> checks.addAll(subject.judgeSigner(c)));
    return verifier.judge(parsed.path(), cms, cms.digested(), checks);
  }
}
