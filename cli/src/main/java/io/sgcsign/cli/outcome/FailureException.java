// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.outcome;

import java.io.Serial;

/** Ends what is being done; the failure says it all. */
public final class FailureException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Failure failure;

  FailureException(Failure failure) {
    super(failure.what() + ": " + failure.why());
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
