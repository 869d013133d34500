// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A key cannot be opened or used. The message names the cause, {@link #hint} the way out. */
public final class KeyException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final boolean retryable;
  private final String hint;

  public KeyException(String message, String hint, boolean retryable, @Nullable Throwable cause) {
    super(message, cause);
    this.hint = hint;
    this.retryable = retryable;
  }

  public KeyException(String message, String hint) {
    this(message, hint, false, null);
  }

  public boolean retryable() {
    return retryable;
  }

  public String hint() {
    return hint;
  }
}
