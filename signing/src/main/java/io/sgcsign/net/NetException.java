// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.net;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A call gave no answer. */
public final class NetException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final Kind kind;

  /** Why. */
  public enum Kind {
    /** The egress guard does not let it out. */
    FORBIDDEN,
    /** No connection, or not in time: the service has seen nothing. */
    UNREACHABLE,
    /** No whole answer in time: the service may have seen the call. */
    TIMEOUT,
    /** The connection broke, or the answer is too large or no HTTP. */
    BROKEN
  }

  public NetException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
