// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.util.Optional;

/**
 * What an audit saw.
 *
 * @param events how many events were found good before the first fault
 * @param details how many of their details are kept
 * @param fault the first thing that is wrong
 */
public record AuditReport(long events, long details, Optional<Fault> fault) {

  /**
   * Something in the database that is not what the log says.
   *
   * @param seq the event where it shows; empty: it belongs to no event
   */
  public record Fault(Optional<Long> seq, String what) {
    @Override
    public String toString() {
      return seq.map(s -> "event " + s + ": ").orElse("") + what;
    }
  }

  public boolean good() {
    return fault.isEmpty();
  }
}
