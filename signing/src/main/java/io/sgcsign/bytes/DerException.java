// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bytes;

import java.io.Serial;

/**
 * The bytes are not the ASN.1 structure that was expected. Whoever reads hostile bytes catches it.
 */
public final class DerException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public DerException(String message) {
    super(message);
  }
}
