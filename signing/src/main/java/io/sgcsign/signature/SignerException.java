// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.signature;

import io.sgcsign.wire.Problem;
import java.io.Serial;

/** Why a {@link Signer} gave no signature. */
public abstract sealed class SignerException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private SignerException(String message) {
    super(message);
  }

  /** The request waits for approvals. */
  public static final class Pending extends SignerException {
    @Serial private static final long serialVersionUID = 1;
    private final String requestId;

    public Pending(String requestId) {
      super("The request " + requestId + " waits for approval");
      this.requestId = requestId;
    }

    public String requestId() {
      return requestId;
    }
  }

  /** Never, for the reason in {@link #problem}. */
  public static final class Refused extends SignerException {
    @Serial private static final long serialVersionUID = 1;
    private final transient Problem problem;

    public Refused(Problem problem) {
      super(problem.detail());
      this.problem = problem;
    }

    public Problem problem() {
      return problem;
    }
  }

  /** Not now; the same call may succeed later. */
  public static final class Unavailable extends SignerException {
    @Serial private static final long serialVersionUID = 1;
    private final transient Problem problem;

    public Unavailable(Problem problem) {
      super(problem.detail());
      this.problem = problem;
    }

    public Problem problem() {
      return problem;
    }
  }
}
