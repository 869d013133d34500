// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.server.ledger.EventStore;
import io.sgcsign.server.ledger.Snapshot;
import io.sgcsign.server.ledger.StoreException;
import io.sgcsign.server.ledger.StoreTransaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** A store in a folder of its own that is removed with it. */
record ScratchStore(EventStore store, Path folder) implements EventStore {

  @Override
  public StoreTransaction begin() {
    return store.begin();
  }

  @Override
  public <T> T read(Function<Snapshot, T> query) {
    return store.read(query);
  }

  @Override
  public void close() {
    store.close();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new StoreException("The scratch folder " + folder + " remains: " + e, e);
    }
  }
}
