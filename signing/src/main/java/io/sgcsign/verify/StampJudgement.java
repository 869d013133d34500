// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Status;
import io.sgcsign.verify.VerificationReport.TimestampReport;
import java.util.List;
import java.util.Optional;

/**
 * What became of a time stamp.
 *
 * @param status valid; untrusted if it is sound but nobody trusted vouches for the authority; else
 *     invalid or revoked
 * @param report empty if the time stamp could not be read
 * @param token what an RFC 3161 token says
 * @param detail what is wrong with it, for people; empty if nothing
 */
public record StampJudgement(
    Status status, Optional<TimestampReport> report, Optional<TstInfo> token, String detail) {

  static StampJudgement unreadable(String detail) {
    return new StampJudgement(Status.INVALID, Optional.empty(), Optional.empty(), detail);
  }

  static StampJudgement of(TimestampReport report, Optional<TstInfo> token) {
    Status status = Verdict.of(report.checks());
    // out of its life when it stamped: as good as no path
    Status shown = status == Status.EXPIRED ? Status.UNTRUSTED : status;
    return new StampJudgement(shown, Optional.of(report), token, detail(report.checks()));
  }

  private static String detail(List<Check> checks) {
    return checks.stream()
        .filter(Check::refuses)
        .findFirst()
        .map(c -> c.name().wireName() + ": " + c.detail())
        .orElse("");
  }

  public boolean valid() {
    return status == Status.VALID;
  }

  /** Whether nothing is wrong besides that no anchor vouches for the authority. */
  public boolean sound() {
    return valid() || status == Status.UNTRUSTED;
  }
}
