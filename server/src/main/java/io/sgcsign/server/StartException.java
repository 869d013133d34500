// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The server cannot start; the message names cause and cure. */
final class StartException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** EX_CONFIG of sysexits.h: a supervisor should not try again. */
  static final int CONFIG = 78;

  StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  StartException(String message) {
    this(message, null);
  }
}
