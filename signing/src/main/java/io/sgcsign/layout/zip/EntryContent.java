// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks one entry and believes nothing its header says. */
final class EntryContent {
  private final Artifact artifact;
  private final ZipEntry entry;
  private final CRC32 crc = new CRC32();
  private long seen;

  EntryContent(Artifact artifact, ZipEntry entry) {
    this.artifact = artifact;
    this.entry = entry;
  }

  void stream(Artifact.Sink sink) {
    Artifact.Sink counted =
        (buffer, offset, length) -> {
          seen += length;
          if (seen > entry.size()) {
            throw wrong("is larger than its header says");
          }
          crc.update(buffer, offset, length);
          sink.accept(buffer, offset, length);
        };
    long from = entry.dataAt();
    long to = from + entry.compressed();
    if (entry.method() == ZipEntry.STORED) {
      artifact.stream(from, to, counted);
    } else {
      inflate(from, to, counted);
    }
    if (seen != entry.size() || crc.getValue() != entry.crc()) {
      throw wrong("does not have the size and checksum its header says");
    }
  }

  private void inflate(long from, long to, Artifact.Sink sink) {
    byte[] out = new byte[(int) Math.min(Artifact.STEP, entry.size() + 1)];
    try (var inflater = new Inflater(true)) {
      artifact.stream(
          from,
          to,
          (buffer, offset, length) -> {
            inflater.setInput(buffer, offset, length);
            drain(inflater, out, sink);
          });
      if (!inflater.finished()) {
        throw wrong("ends too early");
      }
    }
  }

  private void drain(Inflater inflater, byte[] out, Artifact.Sink sink) {
    try {
      int length = inflater.inflate(out);
      while (length > 0) {
        sink.accept(out, 0, length);
        length = inflater.inflate(out);
      }
    } catch (DataFormatException e) {
      throw wrong("is not deflated: " + e.getMessage());
    }
    boolean stuck = !inflater.finished() && !inflater.needsInput();
    if (stuck || (inflater.finished() && inflater.getRemaining() > 0)) {
      throw wrong("has data behind its end");
    }
  }

  private ArtifactException wrong(String what) {
    return ZipFault.malformed("The entry " + entry.name() + " " + what);
  }
}
