// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;

/** A transaction of the writer. Closed without a commit it leaves no trace. */
public interface StoreTransaction extends Snapshot, AutoCloseable {

  @Override
  Rows.Mutable rows();

  void addEvent(StoredEvent event);

  /** Stores or replaces the tile. */
  void putTile(int level, long index, Bytes hashes);

  void putFrontier(Bytes frontier);

  void putSecret(StoredSecret secret);

  void deleteSecret(String name);

  void putAnswer(StoredAnswer answer);

  /** Forgets answers that expired before {@code now}, RFC 3339 in microseconds. */
  void purgeAnswers(String now);

  /** Deletes the personal details of all events before {@code seq}. */
  void prunePersonal(long seq);

  /** Deletes every row of one view. */
  void clear(String view);

  /**
   * Makes everything durable. Returns only if it is, and only if the files written are still the
   * ones that bear the database's name.
   */
  void commit();

  @Override
  void close();
}
