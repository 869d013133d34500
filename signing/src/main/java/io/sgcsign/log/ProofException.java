// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import java.io.Serial;

/** A note, receipt, leaf or JSON text is malformed, or what it claims does not hold. */
public final class ProofException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public ProofException(String message) {
    super(message);
  }

  public ProofException(String message, Throwable cause) {
    super(message, cause);
  }
}
