// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.util.Optional;

/**
 * The end of central directory record (APPNOTE §4.3.16), which is where reading begins.
 *
 * @param at its offset
 * @param record the record with the archive's comment
 * @param wide what ZIP64 puts before it
 */
record ZipEnd(
    long at,
    long count,
    long directorySize,
    long directoryAt,
    Bytes record,
    Optional<Zip64End> wide) {
  static final int SIZE = 22;
  static final int MAX_COUNT = 0xfffe;

  /** One less than what says "look into the ZIP64 record". */
  static final long MAX_OFFSET = 0xffff_fffeL;

  private static final long SIGNATURE = 0x06054b50L;
  private static final int MAX_COMMENT = 0xffff;

  /**
   * Finds the one record that ends the file.
   *
   * @param zip64 whether the archive may be ZIP64
   * @throws ArtifactException if there is none, something follows it, or two readers could find two
   */
  static ZipEnd find(Artifact artifact, boolean zip64) {
    long size = artifact.size();
    if (size == 0) {
      throw ZipFault.empty();
    }
    int length = (int) Math.min(size, SIZE + MAX_COMMENT);
    Fields tail = new Fields(artifact.read(size - length, length));
    int found = -1;
    for (int i = length - SIZE; i >= 0; i--) {
      if (tail.data().at(i) != 'P' || tail.u32(i) != SIGNATURE) {
        continue;
      }
      boolean fits = i + SIZE + tail.u16(i + 20) == length;
      if (found < 0 && !fits) {
        throw ZipFault.hidden(
            "The end of the central directory at offset %d is not the end of the file at %d"
                .formatted(size - length + i, size));
      }
      if (found >= 0 && fits) {
        throw ZipFault.hidden(
            "The archive has two ends of its central directory, at offsets %d and %d"
                .formatted(size - length + i, size - length + found));
      }
      found = Math.max(found, i);
    }
    if (found < 0) {
      throw ZipFile.begins(artifact)
          ? ArtifactException.truncated("The archive has no central directory")
          : ZipFault.unrecognised();
    }
    long at = size - length + found;
    Fields end = new Fields(tail.data().slice(found, length));
    Optional<Zip64End> wide = Zip64End.before(artifact, at);
    if (wide.isEmpty()) {
      return narrow(at, end);
    }
    if (!zip64) {
      throw ZipFault.tooLarge("The archive is ZIP64");
    }
    wide.get().agree(end);
    return new ZipEnd(
        at,
        wide.get().count(),
        wide.get().directorySize(),
        wide.get().directoryAt(),
        end.data(),
        wide);
  }

  private static ZipEnd narrow(long at, Fields end) {
    var out = new ZipEnd(at, end.u16(10), end.u32(12), end.u32(16), end.data(), Optional.empty());
    if (Math.max(out.directoryAt, out.directorySize) > MAX_OFFSET || out.count > MAX_COUNT) {
      throw ZipFault.tooLarge("The archive says it is ZIP64, but has no record of that");
    }
    if (end.u16(4) != 0 || end.u16(6) != 0 || end.u16(8) != out.count) {
      throw ZipFault.malformed("The archive is one of several volumes");
    }
    long directoryEnd = out.directoryAt + out.directorySize;
    if (directoryEnd != at) {
      throw ZipFault.malformed(
          "The central directory (offset %d, %d bytes) does not end at offset %d, where its end is"
              .formatted(out.directoryAt, out.directorySize, at));
    }
    return out;
  }

  /** Where the central directory has to end. */
  long directoryEnd() {
    return directoryAt + directorySize;
  }

  /** All records behind another directory; the comment stays. */
  Bytes with(int newCount, long newSize, long newAt) {
    byte[] out = record.toArray();
    if (wide.isPresent()) {
      Zip64End.fill(out, newCount, newSize, newAt);
      return Bytes.concat(wide.get().with(newCount, newSize, newAt), Bytes.wrap(out));
    }
    Fields.putU16(out, 8, newCount);
    Fields.putU16(out, 10, newCount);
    Fields.putU32(out, 12, newSize);
    Fields.putU32(out, 16, newAt);
    return Bytes.wrap(out);
  }
}
