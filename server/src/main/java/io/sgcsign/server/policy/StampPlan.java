// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.policy;

import java.net.URI;
import java.util.Optional;

/** Whether and where a signature is stamped. */
public sealed interface StampPlan {
  /** Not at all. */
  record None() implements StampPlan {}

  /**
   * Stamped.
   *
   * @param authority the one to ask; empty: the configured list
   * @param required nothing is released without a stamp
   */
  record Stamp(Optional<URI> authority, boolean required) implements StampPlan {}
}
