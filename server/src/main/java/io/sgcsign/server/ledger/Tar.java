// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Writes a tar archive of small files (POSIX.1-1988 ustar). */
final class Tar {
  private static final int BLOCK = 512;

  private final OutputStream out;
  private final Instant time;

  Tar(OutputStream out, Instant time) {
    this.out = out;
    this.time = time;
  }

  /** Adds a file; the name has at most 100 ASCII characters. */
  void add(String name, Bytes content) {
    try {
      out.write(header(name, content.size()));
      content.writeTo(out);
      out.write(new byte[(BLOCK - content.size() % BLOCK) % BLOCK]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] header(String name, int size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, 100, name);
    put(header, 100, 8, "0000644");
    put(header, 108, 8, "0000000");
    put(header, 116, 8, "0000000");
    put(header, 124, 12, "%011o".formatted(size));
    put(header, 136, 12, "%011o".formatted(time.getEpochSecond()));
    put(header, 148, 8, "        "); // the checksum counts itself as spaces
    header[156] = '0';
    put(header, 257, 8, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, 8, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int at, int width, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > width) {
      throw new IllegalArgumentException("Too long for a tar header: " + text);
    }
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** Two empty blocks end the archive. */
  void finish() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.flush();
  }
}
