// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.server.ledger.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One server a database: two with the same node name would close each other's intents. Held through
 * a file beside the database until closed or until the process dies.
 */
final class WriterLock implements AutoCloseable {
  private final FileChannel channel;

  private WriterLock(FileChannel channel) {
    this.channel = channel;
  }

  static WriterLock take(Path database) {
    Path file = database.resolveSibling(database.getFileName() + ".lock");
    PrivateFiles.create(file);
    try {
      var channel = FileChannel.open(file, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new StoreException("Another server uses the database " + database);
      }
      return new WriterLock(channel);
    } catch (IOException e) {
      throw new StoreException("The lock " + file + " cannot be taken: " + e.getMessage(), e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreException("The lock cannot be released: " + e.getMessage(), e);
    }
  }
}
