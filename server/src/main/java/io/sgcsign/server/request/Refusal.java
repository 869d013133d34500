// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.io.Serial;

/** Ends a step of the desk with a problem; the desk turns it into an {@link Outcome}. */
final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Problem problem;

  Refusal(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  static Refusal of(Code code, String detail) {
    return new Refusal(Problem.of(code, detail));
  }

  Problem problem() {
    return problem;
  }
}
