// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.nio.file.Path;

/** Where a log lives, open or not. */
public interface Storage {

  /** The folder for the log's key and its last checkpoint; it exists once the store was opened. */
  Path folder();

  /**
   * Opens the database and keeps other writers out.
   *
   * @param create make it if it does not exist
   * @throws StoreException if it cannot be opened, or is not there and must not be made
   */
  EventStore open(boolean create);

  /** Bytes that can still be written. */
  long usableSpace();
}
