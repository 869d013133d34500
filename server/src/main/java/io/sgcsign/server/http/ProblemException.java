// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.io.Serial;

/** A request that ends here, with its problem. */
final class ProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  static ProblemException of(Code code, String detail) {
    return new ProblemException(Problem.of(code, detail));
  }

  static ProblemException of(Code code, String detail, String hint) {
    return new ProblemException(Problem.of(code, detail, hint));
  }

  Problem problem() {
    return problem;
  }
}
