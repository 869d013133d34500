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

  static void putU16(byte[] target, int offset, int value) {
    target[offset] = (byte) value;
    target[offset + 1] = (byte) (value >>> 8);
  }

  static void putU32(byte[] target, int offset, long value) {
    putU16(target, offset, (int) value);
    putU16(target, offset + 2, (int) (value >>> 16));
  }
}
