// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import java.time.Duration;
import java.time.Instant;

/**
 * Circuit breaker of one authority: opens after failures in a row, lets one caller try after a
 * pause that doubles with every trial that fails. Thread-safe; the time comes from the caller.
 */
final class Breaker {
  /** Failures in a row that open it: one may be chance, two a restart. */
  static final int TRIP = 3;

  /** The first pause: what a restart takes. */
  static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

  /** The longest pause: soon enough for an operator who waits for the return. */
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(16);

  private int failures;
  private boolean open;
  private boolean trial;
  private Instant until = Instant.MIN;
  private Duration pause = FIRST_PAUSE;

  /** How it stands. */
  enum State {
    CLOSED,
    OPEN,
    /** The pause is over: one caller tries, or the next one will. */
    HALF_OPEN
  }

  /** Whether the caller may ask now; in the half-open state only one may until it is told how. */
  synchronized boolean admits(Instant now) {
    if (!open) {
      return true;
    }
    if (trial || now.isBefore(until)) {
      return false;
    }
    trial = true;
    return true;
  }

  /** The one it admitted did not ask after all. */
  synchronized void forgone() {
    trial = false;
  }

  synchronized void succeeded() {
    failures = 0;
    open = false;
    trial = false;
    pause = FIRST_PAUSE;
  }

  synchronized void failed(Instant now) {
    failures++;
    if (open && !trial) {
      return; // asked as the last resort: that tells nothing new and prolongs nothing
    }
    if (open) {
      pause = longer();
      rest(now);
    } else if (failures >= TRIP) {
      rest(now);
    }
  }

  private void rest(Instant now) {
    open = true;
    trial = false;
    until = now.plus(pause);
  }

  private Duration longer() {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  synchronized State state(Instant now) {
    if (!open) {
      return State.CLOSED;
    }
    return now.isBefore(until) ? State.OPEN : State.HALF_OPEN;
  }

  synchronized int failures() {
    return failures;
  }

  /** When the pause ends; of no meaning while closed. */
  synchronized Instant until() {
    return until;
  }
}
