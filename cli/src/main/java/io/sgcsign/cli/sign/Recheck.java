// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.pki.CertificateChain;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationPolicy.StampTrust;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges signatures that this run made, read again from disk.
 *
 * @param chain of the key that signs
 * @param anchors whom else to trust, for example a time-stamp authority
 */
record Recheck(CertificateChain chain, List<X509Certificate> anchors) {
  Recheck {
    anchors = List.copyOf(anchors);
  }

  /** The provider's own chain is the anchor, so a self-signed key works. */
  VerificationPolicy policy(Instant time) {
    X509Certificate top = chain.certificates().getLast();
    var all = new ArrayList<>(anchors);
    all.add(top);
    return new VerificationPolicy(
        all, List.of(top), time, Set.of(), chain.certificates(), StampTrust.OPTIONAL);
  }

  /** Whether the primary signature is good and this key's. */
  boolean good(VerificationReport report) {
    return report.valid() && report.primary().filter(this::ours).isPresent();
  }

  private boolean ours(SignatureReport signature) {
    return signature.thumbprint().equals(Optional.of(chain.fingerprint()));
  }

  /**
   * Why the file is not what was ordered; empty: it is. Signatures of others may be untrusted here,
   * but none may be broken.
   *
   * @param expected signatures that were made
   * @param stamped whether each has to carry a time stamp
   */
  Optional<String> refuses(VerificationReport report, int expected, boolean stamped) {
    long ours =
        report.signatures().stream()
            .filter(this::ours)
            .filter(s -> s.status() == Status.VALID)
            .filter(s -> !stamped || s.timestamp().isPresent())
            .count();
    boolean broken =
        report.fileChecks().stream().anyMatch(Check::refuses)
            || report.signatures().stream().anyMatch(s -> s.status() == Status.INVALID);
    if (!broken && ours >= expected) {
      return Optional.empty();
    }
    return Optional.of(
        ours
            + " of "
            + expected
            + " new signatures of "
            + chain.fingerprint()
            + " are good; the file is "
            + report.status().wireName()
            + reasons(report));
  }

  private static String reasons(VerificationReport report) {
    String all =
        Stream.concat(
                report.fileChecks().stream(),
                report.signatures().stream().flatMap(s -> s.checks().stream()))
            .filter(Check::refuses)
            .map(c -> c.name().wireName() + ": " + c.detail())
            .distinct()
            .collect(Collectors.joining("; "));
    return all.isEmpty() ? "" : " (" + all + ")";
  }
}
