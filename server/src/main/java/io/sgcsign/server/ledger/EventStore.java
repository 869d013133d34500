// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.util.function.Function;

/**
 * An open database that holds the log. One writer at a time, any number of readers. Every method
 * throws {@link StoreException}.
 */
public interface EventStore extends AutoCloseable {

  /**
   * Begins the next transaction, holding the log's head against every other writer. Called by one
   * thread only.
   */
  StoreTransaction begin();

  /** Runs a query over one consistent snapshot of what is committed. */
  <T> T read(Function<Snapshot, T> query);

  @Override
  void close();
}
