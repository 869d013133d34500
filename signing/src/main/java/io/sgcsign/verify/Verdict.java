// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import io.sgcsign.verify.VerificationReport.Status;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Turns checks into a verdict. What is broken weighs more than what is not trusted or too old. */
public final class Verdict {
  private static final List<Status> PRECEDENCE =
      List.of(
          Status.INVALID,
          Status.REVOKED,
          Status.UNTRUSTED,
          Status.EXPIRED,
          Status.INDETERMINATE,
          Status.UNSIGNED,
          Status.VALID);

  private Verdict() {}

  /** The verdict that {@code checks} come to; {@link Status#VALID} if none refuses. */
  public static Status of(Collection<Check> checks) {
    return worst(checks.stream().map(Verdict::of).toList());
  }

  private static Status of(Check check) {
    if (!check.refuses()) {
      return Status.VALID;
    }
    if (check.outcome() == Outcome.SKIPPED) {
      return Status.INDETERMINATE;
    }
    return switch (check.name()) {
      case CERTIFICATE_PATH, KEY_USAGE -> Status.UNTRUSTED;
      case CERTIFICATE_VALIDITY -> Status.EXPIRED;
      case REVOCATION -> Status.REVOKED;
      default -> Status.INVALID;
    };
  }

  /** The one that decides. */
  public static Status worst(Collection<Status> statuses) {
    return statuses.stream().min(Comparator.comparingInt(PRECEDENCE::indexOf)).orElse(Status.VALID);
  }
}
