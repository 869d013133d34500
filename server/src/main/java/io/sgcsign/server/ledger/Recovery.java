// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.util.List;

/** Finds what an earlier run of a node left open. */
@FunctionalInterface
public interface Recovery {

  /**
   * At most {@code limit} entries, each closing one intent that {@code node} opened in another run
   * than its last started one.
   */
  List<Entry> closeOpen(Rows rows, String node, int limit);
}
