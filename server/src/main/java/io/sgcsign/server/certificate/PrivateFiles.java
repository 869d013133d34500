// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes files nobody else can read: 0600 in folders of 0700, where the system knows modes. */
final class PrivateFiles {
  private PrivateFiles() {}

  static Path folder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return folder;
    }
    Path made = Files.createDirectories(folder);
    if (posix(made)) {
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
    }
    return made;
  }

  /** Refuses to overwrite. */
  static void write(Path file, byte[] content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    if (posix(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, content);
    } else {
      Files.write(file, content, StandardOpenOption.CREATE_NEW);
    }
  }

  private static boolean posix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
