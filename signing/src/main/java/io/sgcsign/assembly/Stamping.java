// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.timestamp.TimestampAuthority;

/** Whether a signature is stamped. */
public sealed interface Stamping {
  /** Not at all. */
  record None() implements Stamping {}

  /**
   * It is; without a stamp there is no signature.
   *
   * @param allowSha1 whether a counter-signature over SHA-1 will do; tokens never have it
   */
  record Required(TimestampAuthority authority, boolean allowSha1) implements Stamping {
    public Required(TimestampAuthority authority) {
      this(authority, false);
    }
  }

  /**
   * It is if the authority gives a stamp.
   *
   * @param allowSha1 as of {@link Required}
   */
  record IfPossible(TimestampAuthority authority, boolean allowSha1) implements Stamping {
    public IfPossible(TimestampAuthority authority) {
      this(authority, false);
    }
  }
}
