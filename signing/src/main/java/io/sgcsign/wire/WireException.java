// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.wire;

import java.io.Serial;

/** A message lacks a member or has a wrong one; the message names it by JSON pointer. */
public final class WireException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public WireException(String message) {
    super(message);
  }
}
