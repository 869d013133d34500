// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No acceptable time stamp: every authority's reason is in the message. */
public final class TimestampException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final boolean blameless;

  public TimestampException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  private TimestampException(String message, @Nullable Throwable cause, boolean blameless) {
    super(message, cause);
    this.blameless = blameless;
  }

  /** The authority works as it always does; this caller alone cannot take what it gives. */
  static TimestampException blameless(String message) {
    return new TimestampException(message, null, true);
  }

  boolean isBlameless() {
    return blameless;
  }
}
