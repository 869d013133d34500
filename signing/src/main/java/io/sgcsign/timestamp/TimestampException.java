// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No acceptable time stamp: every authority's reason is in the message. */
public final class TimestampException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public TimestampException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
