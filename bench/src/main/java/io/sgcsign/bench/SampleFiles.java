// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.SampleProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files of noise in the formats that need no other tool to be made. */
final class SampleFiles {
  private static final int STEP = 1 << 20;
  private static final long SEED = 20_261_121;

  private SampleFiles() {}

  /** A small program that differs from those with another number. */
  static byte[] small(int number) {
    return Bytes.concat(SampleProgram.create(), Bytes.utf8("%08d".formatted(number))).toArray();
  }

  static void noise(OutputStream out, int mib) throws IOException {
    byte[] noise = new byte[STEP];
    var random = new Random(SEED);
    for (int i = 0; i < mib; i++) {
      random.nextBytes(noise);
      out.write(noise);
    }
  }

  /** A real program with an overlay of noise, as installers have one. */
  static void program(Path file, int mib) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      SampleProgram.create().writeTo(out);
      noise(out, mib);
    }
  }

  static void script(Path file, int mib) throws IOException {
    byte[] line =
        "Write-Host 'A line of a script as people write them'\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    try (var out = Files.newOutputStream(file)) {
      byte[] lines = new byte[line.length * 1024];
      for (int at = 0; at < lines.length; at += line.length) {
        System.arraycopy(line, 0, lines, at, line.length);
      }
      for (long written = 0; written < (long) mib * STEP; written += lines.length) {
        out.write(lines);
      }
    }
  }

  /** An archive with small files, and one entry of noise. */
  static void archive(Path file, int mib, Map<String, Bytes> small, String large)
      throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var each : small.entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey()));
        each.getValue().writeTo(zip);
        zip.closeEntry();
      }
      zip.setLevel(Deflater.NO_COMPRESSION);
      zip.putNextEntry(new ZipEntry(large));
      noise(zip, mib);
      zip.closeEntry();
    }
  }
}
