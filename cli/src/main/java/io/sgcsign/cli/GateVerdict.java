// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.verify.VerificationReport;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a gate says of a file: it passes if there is no reason against it.
 *
 * @param report what verification found, if the file could be read
 */
record GateVerdict(String name, List<Reason> reasons, Optional<VerificationReport> report) {
  GateVerdict {
    reasons = List.copyOf(reasons);
  }

  boolean passes() {
    return reasons.isEmpty();
  }

  /** Why a file must not be released. */
  record Reason(Kind kind, String detail) {}

  /** The kinds of reasons. Their wire names never change. */
  enum Kind {
    /** It cannot be read, or is of no known format: nobody can say that it is signed. */
    UNREADABLE,
    UNSIGNED,
    /** A signature is broken, untrusted or expired. */
    INVALID,
    /** A signature has no time stamp, or a broken one. */
    UNSTAMPED,
    /** A signature is by another certificate or subject than wanted. */
    OTHER_SIGNER,
    /** The report of {@code sign} knows the file with other bytes. */
    CHANGED,
    /** The report of {@code sign} does not know the file. */
    NEW,
    /** The report of {@code sign} knows the file, but it is not here, or was not signed. */
    MISSING,
    /** The server has no completed signature that is in the file. */
    UNRECORDED;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
