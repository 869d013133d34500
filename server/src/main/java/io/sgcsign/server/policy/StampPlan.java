// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.policy;

import java.net.URI;
import java.util.Optional;

/** Whether and where a signature is stamped. */
public sealed interface StampPlan {
  /** Not at all. */
  record None() implements StampPlan {}

  /**
   * Stamped with an RFC 3161 token.
   *
   * @param authority the one to ask; empty: the configured list
   * @param required nothing is released without a stamp
   */
  record Stamp(Optional<URI> authority, boolean required) implements StampPlan {}

  /**
   * Counter-signed as before RFC 3161.
   *
   * @param authority as of {@link Stamp}
   * @param required as of {@link Stamp}
   * @param allowSha1 whether a counter-signature over SHA-1 will do
   */
  record CounterSign(Optional<URI> authority, boolean required, boolean allowSha1)
      implements StampPlan {}
}
