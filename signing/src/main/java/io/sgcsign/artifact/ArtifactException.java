// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.artifact;

import java.io.Serial;

/**
 * The artifact is not what it claims to be. The only thing a layout or format throws for bad input.
 * {@link #code} is one of the {@code SGC-ARTIFACT-…} codes, {@link #getMessage} says what is wrong
 * and where, {@link #hint} what to do.
 */
public final class ArtifactException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String code;
  private final String hint;

  public ArtifactException(String code, String message, String hint) {
    super(message);
    this.code = code;
    this.hint = hint;
  }

  /** The file ends before what it says it has. */
  public static ArtifactException truncated(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-TRUNCATED",
        message,
        "Check that the file was built and transferred completely.");
  }

  public String code() {
    return code;
  }

  public String hint() {
    return hint;
  }
}
