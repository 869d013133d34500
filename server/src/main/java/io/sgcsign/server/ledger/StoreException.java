// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The database failed: it is full, broken, removed, or not ours. Its connection is given up. */
public final class StoreException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public StoreException(String message) {
    this(message, null);
  }

  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
