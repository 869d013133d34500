// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.signature;

import java.io.Serial;

/**
 * An imprint is not one its format makes for these options and this context: a caller's mistake or
 * an attempt to have something else signed.
 */
public final class ImprintException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public ImprintException(String message) {
    super(message);
  }
}
