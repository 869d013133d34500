// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.bytes.Bytes;

/** Little-endian fields of a record that has been read whole. */
record Fields(Bytes data) {

  int u16(int offset) {
    return (data.at(offset) & 0xff) | ((data.at(offset + 1) & 0xff) << 8);
  }

  long u32(int offset) {
    return u16(offset) | ((long) u16(offset + 2) << 16);
  }

  /** As a number with a sign: what is negative claims more than any file has. */
  long u64(int offset) {
    return u32(offset) | (u32(offset + 4) << 32);
  }

  static void putU64(byte[] target, int offset, long value) {
    putU32(target, offset, value);
    putU32(target, offset + 4, value >>> 32);
  }

  static void putU16(byte[] target, int offset, int value) {
    target[offset] = (byte) value;
    target[offset + 1] = (byte) (value >>> 8);
  }

  static void putU32(byte[] target, int offset, long value) {
    putU16(target, offset, (int) value);
    putU16(target, offset + 2, (int) (value >>> 16));
  }
}
