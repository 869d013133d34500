// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.wire.Problem;
import java.io.Serial;

/** A whole batch was refused before anything was signed. */
public final class RefusedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Problem problem;

  RefusedException(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
