// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import java.util.Optional;

/**
 * What ZIP64 puts between the central directory and its end: the end of central directory record
 * and its locator (APPNOTE §4.3.14, §4.3.15). They must lie there without a gap and say what the
 * older record says, unless that has no place for it.
 *
 * @param record both, as they lie there
 */
record Zip64End(long at, long count, long directorySize, long directoryAt, Bytes record) {
  private static final int RECORD_SIZE = 56;
  private static final int LOCATOR_SIZE = 20;
  private static final int SIZE = RECORD_SIZE + LOCATOR_SIZE;

  /** What the record says of its size: without its signature and that field. */
  private static final long CLAIMED_SIZE = RECORD_SIZE - 12;

  private static final long SIGNATURE = 0x06064b50L;
  private static final long LOCATOR_SIGNATURE = 0x07064b50L;
  private static final int NONE_16 = 0xffff;
  private static final long NONE_32 = 0xffff_ffffL;

  /** The records before the end of the central directory at {@code end}; empty: no ZIP64. */
  static Optional<Zip64End> before(Artifact artifact, long end) {
    if (end < LOCATOR_SIZE) {
      return Optional.empty();
    }
    Fields locator = new Fields(artifact.read(end - LOCATOR_SIZE, LOCATOR_SIZE));
    if (locator.u32(0) != LOCATOR_SIGNATURE) {
      return Optional.empty();
    }
    long at = end - SIZE;
    if (at < 0 || locator.u64(8) != at || locator.u32(4) != 0 || locator.u32(16) > 1) {
      throw ZipFault.malformed(
          "The ZIP64 locator at offset %d does not point to the record before it"
              .formatted(end - LOCATOR_SIZE));
    }
    Bytes both = artifact.read(at, SIZE);
    Fields record = new Fields(both);
    if (record.u32(0) != SIGNATURE || record.u64(4) != CLAIMED_SIZE) {
      throw ZipFault.malformed("There is no plain ZIP64 record at offset " + at);
    }
    if (record.u32(16) != 0 || record.u32(20) != 0 || record.u64(24) != record.u64(32)) {
      throw ZipFault.malformed("The archive is one of several volumes");
    }
    long directoryAt = record.u64(48);
    long directorySize = record.u64(40);
    if (directoryAt < 0 || directorySize < 0 || directoryAt != at - directorySize) {
      throw ZipFault.malformed(
          "The central directory (offset %d, %d bytes) does not end at offset %d, where ZIP64 begins"
              .formatted(directoryAt, directorySize, at));
    }
    return Optional.of(new Zip64End(at, record.u64(32), directorySize, directoryAt, both));
  }

  /** Holds the older record against this one. MakeAppx fills even its volume numbers with ones. */
  void agree(Fields end) {
    boolean same =
        (end.u16(4) == 0 || end.u16(4) == NONE_16)
            && (end.u16(6) == 0 || end.u16(6) == NONE_16)
            && (end.u16(8) == count || end.u16(8) == NONE_16)
            && (end.u16(10) == count || end.u16(10) == NONE_16)
            && (end.u32(12) == directorySize || end.u32(12) == NONE_32)
            && (end.u32(16) == directoryAt || end.u32(16) == NONE_32);
    if (!same) {
      throw ZipFault.malformed(
          "The ZIP64 record at offset %d and the end of the central directory disagree"
              .formatted(at));
    }
  }

  /** Both records for another directory. */
  Bytes with(int newCount, long newSize, long newAt) {
    byte[] out = record.toArray();
    Fields.putU64(out, 24, newCount);
    Fields.putU64(out, 32, newCount);
    Fields.putU64(out, 40, newSize);
    Fields.putU64(out, 48, newAt);
    Fields.putU64(out, RECORD_SIZE + 8, newAt + newSize);
    return Bytes.wrap(out);
  }

  /**
   * Writes the older record for another directory: what left it to ZIP64 still does. The volume
   * numbers become zero, which is how Windows digests them, whatever stands there.
   */
  static void fill(byte[] end, int newCount, long newSize, long newAt) {
    var old = new Fields(Bytes.of(end));
    Fields.putU32(end, 4, 0);
    Fields.putU16(end, 8, old.u16(8) == NONE_16 ? NONE_16 : newCount);
    Fields.putU16(end, 10, old.u16(10) == NONE_16 ? NONE_16 : newCount);
    boolean large = newSize > ZipEnd.MAX_OFFSET;
    Fields.putU32(end, 12, old.u32(12) == NONE_32 || large ? NONE_32 : newSize);
    boolean far = newAt > ZipEnd.MAX_OFFSET;
    Fields.putU32(end, 16, old.u32(16) == NONE_32 || far ? NONE_32 : newAt);
  }
}
