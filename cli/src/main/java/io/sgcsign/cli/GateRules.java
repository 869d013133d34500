// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.GateVerdict.Kind;
import io.sgcsign.cli.GateVerdict.Reason;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import io.sgcsign.verify.VerificationReport.TimestampReport;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import picocli.CommandLine.ParseResult;

/**
 * What a gate asks of every signature of a file, nested ones included: a stranger's signature that
 * was added must be named as well.
 *
 * @param stamped whether each needs a time stamp
 * @param subjects one of them must fit; none: any
 * @param thumbprints one of them must fit; none: any
 */
record GateRules(
    boolean stamped,
    List<Predicate<X509Certificate>> subjects,
    List<Predicate<X509Certificate>> thumbprints) {
  GateRules {
    subjects = List.copyOf(subjects);
    thumbprints = List.copyOf(thumbprints);
  }

  static GateRules of(ParseResult parsed) {
    return new GateRules(
        !Flags.given(parsed, "--no-timestamp"),
        Flags.texts(parsed, "--subject").stream().map(GateRules::subject).toList(),
        Flags.texts(parsed, "--thumbprint").stream().map(GateRules::thumbprint).toList());
  }

  /** A whole name if it has an equals sign, else a common name. */
  private static Predicate<X509Certificate> subject(String text) {
    if (text.indexOf('=') < 0) {
      return c -> SubjectName.of(c).part("CN").filter(text::equals).isPresent();
    }
    try {
      var name = new X500Principal(text);
      return c -> c.getSubjectX500Principal().equals(name);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(
              "--subject \"" + text + "\" is no name",
              String.valueOf(e.getMessage()),
              "Copy it from sgcsign verify, or give the common name alone.")
          .exception();
    }
  }

  /** SHA-1 as Windows shows it, or SHA-256 as we do. */
  private static Predicate<X509Certificate> thumbprint(String text) {
    String hex = text.replaceFirst("^(?i)sha(1|256):", "").replaceAll("[:\\s]", "");
    if (!hex.matches("[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")) {
      throw Failure.usage(
              "--thumbprint \"" + text + "\" is none",
              "a thumbprint has 40 (SHA-1) or 64 (SHA-256) hexadecimal digits",
              "Copy it from sgcsign verify --json.")
          .exception();
    }
    Bytes wanted = Bytes.fromHex(hex);
    var algorithm = hex.length() == 40 ? DigestAlgorithm.SHA1 : DigestAlgorithm.SHA256;
    return c -> Digest.of(algorithm, CertificateChain.der(c)).value().equals(wanted);
  }

  /** Why the file must not pass. */
  List<Reason> objections(VerificationReport report) {
    if (report.status() == Status.UNSIGNED) {
      return List.of(new Reason(Kind.UNSIGNED, "it has no signature"));
    }
    var reasons = new ArrayList<Reason>();
    if (!report.valid() || report.signatures().isEmpty()) {
      reasons.add(new Reason(Kind.INVALID, "it is " + report.status().wireName() + why(report)));
    }
    for (SignatureReport signature : report.signatures()) {
      boolean counted = signature.path().equals("0") && !report.valid();
      if (signature.status() != Status.VALID && !counted) {
        reasons.add(
            new Reason(Kind.INVALID, name(signature) + " is " + signature.status().wireName()));
      }
      stamp(signature).ifPresent(reasons::add);
      signer(signature).ifPresent(reasons::add);
    }
    return reasons;
  }

  /** The checks that failed. */
  static String why(VerificationReport report) {
    return Stream.concat(
            report.fileChecks().stream(),
            report.primary().stream().flatMap(p -> p.checks().stream()))
        .filter(Check::refuses)
        .map(c -> ": " + c.name().wireName() + ": " + c.detail())
        .distinct()
        .collect(Collectors.joining());
  }

  private static String name(SignatureReport signature) {
    return "signature " + signature.path();
  }

  private Optional<Reason> stamp(SignatureReport signature) {
    if (!stamped) {
      return Optional.empty();
    }
    if (signature.timestamp().isEmpty()) {
      return Optional.of(new Reason(Kind.UNSTAMPED, name(signature) + " has no time stamp"));
    }
    return broken(signature.timestamp().get())
        .map(c ->
            new Reason(
                Kind.UNSTAMPED,
                "the time stamp of "
                    + name(signature)
                    + " is no good: "
                    + c.name().wireName()
                    + ": "
                    + c.detail()));
  }

  /**
   * Whom the stamp leads to is left to the verdict on the signature: the policy may not know time
   * stamps' authorities at all.
   */
  private static Optional<Check> broken(TimestampReport stamp) {
    return stamp.checks().stream()
        .filter(c -> c.required() && c.outcome() == Outcome.FAILED)
        .filter(c -> c.name() != CheckName.CERTIFICATE_PATH)
        .findFirst();
  }

  private Optional<Reason> signer(SignatureReport signature) {
    boolean fits =
        fits(subjects, signature.certificate()) && fits(thumbprints, signature.certificate());
    return fits
        ? Optional.empty()
        : Optional.of(
            new Reason(
                Kind.OTHER_SIGNER,
                name(signature)
                    + " is by "
                    + (signature.subject().isEmpty() ? "an unknown signer" : signature.subject())
                    + signature.thumbprint().map(t -> " (" + t + ")").orElse("")));
  }

  private static boolean fits(
      List<Predicate<X509Certificate>> wanted, Optional<X509Certificate> certificate) {
    return wanted.isEmpty()
        || certificate.filter(c -> wanted.stream().anyMatch(w -> w.test(c))).isPresent();
  }
}
