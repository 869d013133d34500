// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The ledger cannot be written, so nothing may be signed. The message is the reason, fit for an
 * operator.
 */
public final class LedgerUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public LedgerUnavailableException(String reason) {
    this(reason, null);
  }

  public LedgerUnavailableException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
