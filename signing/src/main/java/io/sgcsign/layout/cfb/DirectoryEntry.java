// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An entry of the directory (MS-CFB 2.6.1): a storage or a stream.
 *
 * @param id its place in the directory
 * @param raw its 128 bytes
 * @param size of the stream in bytes
 */
public record DirectoryEntry(int id, Bytes raw, long size) {
  static final int SIZE = 128;
  static final int UNUSED = 0;
  static final int STORAGE = 1;
  static final int STREAM = 2;
  static final int ROOT = 5;
  static final int NONE = 0xffff_ffff;
  static final int MAX_NAME = 64;

  static final int NAME_LENGTH_AT = 64;
  static final int TYPE_AT = 66;
  static final int COLOUR_AT = 67;
  static final int LEFT_AT = 68;
  static final int RIGHT_AT = 72;
  static final int CHILD_AT = 76;
  static final int CLASS_AT = 80;
  static final int STATE_AT = 96;
  static final int TIMES_AT = 100;
  static final int START_AT = 116;
  static final int SIZE_AT = 120;

  /** Reads an entry that is in use. */
  static DirectoryEntry of(int id, Bytes raw, Geometry geometry) {
    ByteBuffer fields = raw.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int length = fields.getShort(NAME_LENGTH_AT) & 0xffff;
    if (length < 2 || length > MAX_NAME || length % 2 != 0) {
      throw CfbFault.malformed(
          "Directory entry %d has a name of %d bytes; 2 to 64 are possible".formatted(id, length));
    }
    long size = fields.getLong(SIZE_AT);
    // writers of version 3 may leave anything in the upper half (MS-CFB 2.6.1, Stream Size)
    size = geometry.version() == 3 ? size & 0xffff_ffffL : size;
    if (size < 0 || size > geometry.maxSize()) {
      throw CfbFault.malformed(
          "Directory entry %d claims %s bytes".formatted(id, Long.toUnsignedString(size)));
    }
    return new DirectoryEntry(id, raw, size);
  }

  private int word(int at) {
    return raw.asBuffer().order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  int type() {
    return raw.at(TYPE_AT);
  }

  public boolean stream() {
    return type() == STREAM;
  }

  public boolean root() {
    return type() == ROOT;
  }

  boolean red() {
    return raw.at(COLOUR_AT) == 0;
  }

  int left() {
    return word(LEFT_AT);
  }

  int right() {
    return word(RIGHT_AT);
  }

  int child() {
    return word(CHILD_AT);
  }

  int start() {
    return word(START_AT);
  }

  /** Whether the content lies in the mini stream. */
  boolean mini() {
    return !root() && size < Geometry.MINI_CUTOFF;
  }

  /** The name in UTF-16LE without its terminator. */
  public Bytes name() {
    return raw.slice(0, (raw.at(NAME_LENGTH_AT) & 0xff) - 2);
  }

  /** The name for people. */
  public String text() {
    return new String(name().toArray(), StandardCharsets.UTF_16LE);
  }

  public Bytes classId() {
    return raw.slice(CLASS_AT, STATE_AT);
  }

  public Bytes stateBits() {
    return raw.slice(STATE_AT, TIMES_AT);
  }

  /** Creation and modification. */
  public Bytes times() {
    return raw.slice(TIMES_AT, START_AT);
  }

  /** The lower half of the size field. */
  public Bytes shortSize() {
    return raw.slice(SIZE_AT, SIZE_AT + Integer.BYTES);
  }

  /**
   * The order of siblings in their tree (MS-CFB 2.6.4): shorter names first, then by upper-case
   * UTF-16 code units.
   */
  static int compareNames(Bytes a, Bytes b) {
    if (a.size() != b.size()) {
      return Integer.compare(a.size(), b.size());
    }
    return Arrays.compare(upper(a), upper(b));
  }

  private static char[] upper(Bytes name) {
    char[] out = new char[name.size() / 2];
    name.asBuffer().order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().get(out);
    for (int i = 0; i < out.length; i++) {
      out[i] = Character.toUpperCase(out[i]); // unit by unit: surrogates stay as they are
    }
    return out;
  }

  /** The bytes of a new stream's entry; its neighbours are set when it is linked. */
  static byte[] newStream(Bytes name, int start, long size) {
    byte[] out = unused();
    ByteBuffer fields = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
    name.copyTo(0, out, 0, name.size());
    fields.putShort(NAME_LENGTH_AT, (short) (name.size() + 2));
    fields.put(TYPE_AT, (byte) STREAM);
    fields.putInt(START_AT, start);
    fields.putLong(SIZE_AT, size);
    return out;
  }

  /** The bytes of an entry that is free. */
  static byte[] unused() {
    byte[] out = new byte[SIZE];
    Arrays.fill(out, LEFT_AT, CLASS_AT, (byte) 0xff);
    return out;
  }
}
