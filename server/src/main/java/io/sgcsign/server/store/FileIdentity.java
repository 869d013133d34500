// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.server.ledger.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a file no longer bears its name: removed, moved or replaced, it goes on taking
 * writes that nobody will ever read (hashicorp/vault#31718). Not thread-safe.
 */
final class FileIdentity {
  private final Path file;
  private @Nullable Object key;

  /** Remembers the file as it is; one that is not there yet is remembered at the first check. */
  FileIdentity(Path file) {
    this.file = file;
    this.key = remember();
  }

  void check() {
    if (key == null) {
      key = remember();
    } else if (!Objects.equals(key, read())) {
      throw new StoreException("The file " + file + " was replaced under the running server");
    }
  }

  private @Nullable Object remember() {
    return Files.exists(file) ? read() : null;
  }

  /** Where the file system has no identities (Windows) nobody can remove an open file either. */
  private @Nullable Object read() {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      throw new StoreException("The file " + file + " was removed under the running server", e);
    } catch (IOException e) {
      throw new StoreException("The file " + file + " cannot be examined: " + e.getMessage(), e);
    }
  }
}
