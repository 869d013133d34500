// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.timestamp.TimestampAuthority;

/** Whether a signature is stamped. */
public sealed interface Stamping {
  /** Not at all. */
  record None() implements Stamping {}

  /** It is; without a stamp there is no signature. */
  record Required(TimestampAuthority authority) implements Stamping {}

  /** It is if the authority gives a stamp. */
  record IfPossible(TimestampAuthority authority) implements Stamping {}
}
