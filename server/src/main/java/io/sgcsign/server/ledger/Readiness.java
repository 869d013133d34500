// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.util.Optional;

/** Whether the ledger takes appends, and if not, why. */
public record Readiness(Optional<String> trouble) {
  static final Readiness READY = new Readiness(Optional.empty());

  static Readiness notReady(String reason) {
    return new Readiness(Optional.of(reason));
  }

  public boolean ready() {
    return trouble.isEmpty();
  }
}
