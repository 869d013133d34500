// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

/**
 * The ZIP64 extended information extra field (APPNOTE §4.5.3): it has those of three numbers for
 * which the header has no place, and nothing else. A header that leaves a number to a field that is
 * not there, or a field with numbers the header has itself, is refused: readers differ on these.
 *
 * @param size bytes of the content
 * @param compressed bytes as they lie there
 * @param headerAt offset of the local header
 * @param offsetAt where in the extra fields that offset stands; negative: in the header
 */
record Zip64Field(long size, long compressed, long headerAt, int offsetAt) {
  static final int ID = 1;
  static final long NONE = 0xffff_ffffL;

  /**
   * Reads the extra fields of a header.
   *
   * @param headerAt as in the header; of a local header, which has none, zero
   */
  static Zip64Field of(Fields extra, long size, long compressed, long headerAt, String what) {
    int from = find(extra, what);
    int wanted = wide(size) + wide(compressed) + wide(headerAt);
    int length = from < 0 ? 0 : extra.u16(from - 2);
    if (length != wanted || (from < 0) != (wanted == 0)) {
      throw ZipFault.malformed(
          "%s leaves %d bytes to ZIP64, whose extra field has %d".formatted(what, wanted, length));
    }
    int at = from;
    long realSize = size;
    if (size == NONE) {
      realSize = positive(extra.u64(at), what);
      at += Long.BYTES;
    }
    long realCompressed = compressed;
    if (compressed == NONE) {
      realCompressed = positive(extra.u64(at), what);
      at += Long.BYTES;
    }
    boolean far = headerAt == NONE;
    long realAt = far ? positive(extra.u64(at), what) : headerAt;
    return new Zip64Field(realSize, realCompressed, realAt, far ? at : -1);
  }

  private static int wide(long value) {
    return value == NONE ? Long.BYTES : 0;
  }

  private static long positive(long value, String what) {
    // no file is that large, and sums of two of them must not wrap
    if (value < 0 || value > Long.MAX_VALUE / 4) {
      throw ZipFault.malformed(what + " claims sizes that no file has");
    }
    return value;
  }

  /** Where the data of the one ZIP64 field begin; negative: there is none. */
  private static int find(Fields extra, String what) {
    int found = -1;
    int at = 0;
    while (at + 4 <= extra.data().size()) {
      int length = extra.u16(at + 2);
      if (at + 4 + length > extra.data().size()) {
        break; // what Java and others write here for alignment is no field
      }
      if (extra.u16(at) == ID) {
        if (found >= 0) {
          throw ZipFault.malformed(what + " has two ZIP64 fields");
        }
        found = at + 4;
      }
      at += 4 + length;
    }
    return found;
  }
}
