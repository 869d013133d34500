// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads text files that are small, or not what they should be. */
final class SmallFile {
  private SmallFile() {}

  /**
   * The text of a file in UTF-8; a device that never ends is noticed too.
   *
   * @throws IOException if it cannot be read, is no UTF-8 or has more than {@code max} bytes
   */
  static String read(Path file, int max) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(max + 1);
      if (content.length > max) {
        throw new IOException("it is larger than " + max + " bytes");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    }
  }
}
