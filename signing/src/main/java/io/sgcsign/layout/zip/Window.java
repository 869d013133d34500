// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;

/** Small records of a part of an artifact, read with few reads. Not thread-safe. */
final class Window {
  private final Artifact artifact;
  private final long limit;
  private final byte[] buffer;
  private long start;
  private int length;

  /**
   * @param limit where the part ends
   * @param step bytes a read takes; records are no larger
   */
  Window(Artifact artifact, long limit, int step) {
    this.artifact = artifact;
    this.limit = limit;
    this.buffer = new byte[step];
  }

  /** Whether the part goes on there for so long. */
  boolean has(long position, int wanted) {
    return position >= 0 && position <= limit - wanted;
  }

  /** The bytes there; {@code what} names them if the part ends before. */
  Bytes at(long position, int wanted, String what) {
    if (!has(position, wanted)) {
      throw ZipFault.malformed(
          "%s at offset %d needs %d bytes; its place ends at %d"
              .formatted(what, position, wanted, limit));
    }
    if (position < start || position + wanted > start + length) {
      start = position;
      length = (int) Math.min(buffer.length, limit - position);
      artifact.read(start, buffer, 0, length);
    }
    return Bytes.of(buffer, (int) (position - start), wanted);
  }
}
