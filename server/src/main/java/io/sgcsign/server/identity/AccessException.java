// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.identity;

import io.sgcsign.wire.Problem;
import java.io.Serial;

/** The credential does not open this door. */
public final class AccessException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Problem problem;
  private final boolean guess;

  AccessException(Problem problem, boolean guess) {
    super(problem.detail());
    this.problem = problem;
    this.guess = guess;
  }

  public Problem problem() {
    return problem;
  }

  /** Whether it may have been an attempt to guess: counts for the brute-force lock. */
  public boolean guess() {
    return guess;
  }
}
