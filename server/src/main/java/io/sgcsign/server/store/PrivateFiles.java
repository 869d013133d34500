// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.ledger.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes files and folders that only their owner can read (0600, 0700). */
final class PrivateFiles {
  private PrivateFiles() {}

  /** Creates an empty file; leaves one that exists as it is. Returns whether it was created. */
  static boolean create(Path file) {
    try {
      Files.createFile(file, mode(file, "rw-------"));
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    } catch (IOException e) {
      throw new StoreException("The file " + file + " cannot be created: " + e, e);
    }
  }

  static Optional<Bytes> read(Path file) {
    try {
      return Optional.of(Bytes.wrap(Files.readAllBytes(file)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException("The file " + file + " cannot be read: " + e, e);
    }
  }

  /** Replaces the file: after a crash it has its old content or the new, never a part. */
  static void write(Path file, Bytes content) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      create(fresh);
      try (var out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        var bytes = content.asBuffer();
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (posix(file)) { // elsewhere a folder cannot be opened to be synchronised
        syncFolder(file.toAbsolutePath().getParent());
      }
    } catch (IOException e) {
      throw new StoreException("The file " + file + " cannot be written: " + e, e);
    }
  }

  private static void syncFolder(@Nullable Path folder) throws IOException {
    if (folder != null) {
      try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder, mode(folder, "rwx------"));
    } catch (IOException e) {
      throw new StoreException("The folder " + folder + " cannot be created: " + e, e);
    }
  }

  private static FileAttribute<?>[] mode(Path path, String permissions) {
    return posix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
