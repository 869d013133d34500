// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;

/** A file that keys or certificates are read from. */
record KeyFile(Path path) {
  /** Bytes. Key files have a few KiB; what is larger is the wrong file. */
  private static final int MAX_SIZE = 1024 * 1024;

  /** What changes when a file does. */
  record Stamp(FileTime modified, long size, String fileKey) {}

  Bytes read() {
    try (var in = Files.newInputStream(path)) {
      byte[] content = in.readNBytes(MAX_SIZE + 1);
      if (content.length > MAX_SIZE) {
        throw new KeyException(
            path + " has more than " + MAX_SIZE + " bytes: it is no key file",
            "Correct the path in the configuration.");
      }
      if (content.length == 0) {
        throw new KeyException(path + " is empty", "Export the key again.");
      }
      return Bytes.wrap(content);
    } catch (NoSuchFileException e) {
      throw new KeyException(
          path + " does not exist",
          "Correct the path; relative paths start at the configuration file.",
          false,
          e);
    } catch (IOException e) {
      throw new KeyException(
          path + " cannot be read: " + e.getMessage(),
          "Let the account of the server read the file.",
          true,
          e);
    }
  }

  /** Empty while the file cannot be looked at. */
  Optional<Stamp> stamp() {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return Optional.of(
          new Stamp(
              attributes.lastModifiedTime(),
              attributes.size(),
              Objects.toString(attributes.fileKey())));
    } catch (IOException _) {
      return Optional.empty(); // being replaced just now, or gone: reading it will tell
    }
  }
}
