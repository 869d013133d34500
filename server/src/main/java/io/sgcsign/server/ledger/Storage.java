// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import java.util.Optional;

/** Where a log lives, open or not: a database and small private files beside it. */
public interface Storage {

  /**
   * Opens the database and keeps other writers out.
   *
   * @param create make it if it does not exist
   * @throws StoreException if it cannot be opened, or is not there and must not be made
   */
  EventStore open(boolean create);

  /** Opens the database for reading, beside a running server if need be. */
  EventStore openForReading();

  /** Opens an empty database that vanishes when it is closed. */
  EventStore openScratch();

  /** Bytes that can still be written. */
  long usableSpace();

  /** The content of a file beside the database; empty: there is none. */
  Optional<Bytes> readFile(String name);

  /** Replaces a file beside the database, durably and at once; only its owner can read it. */
  void writeFile(String name, Bytes content);
}
