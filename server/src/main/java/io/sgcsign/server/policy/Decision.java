// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.policy;

import io.sgcsign.wire.Problem;

/** May this be signed? */
public sealed interface Decision {
  /** Yes, stamped like this. */
  record Permit(StampPlan stamp) implements Decision {}

  /** No, for this reason. */
  record Deny(Problem problem) implements Decision {}
}
