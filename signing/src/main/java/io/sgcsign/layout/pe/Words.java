// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;

/**
 * Little-endian fields of a structure that has been read whole.
 *
 * @param base where the structure lies in the file, for messages
 */
record Words(Bytes data, long base) {

  /**
   * Reads {@code length} bytes at {@code base}; {@code what} names them if the file ends before.
   */
  static Words at(Artifact artifact, long base, int length, String what) {
    if (base < 0 || base > artifact.size() - length) {
      throw ArtifactException.truncated(
          "The "
              + what
              + " at offset "
              + base
              + " needs "
              + length
              + " bytes, but the file ends at "
              + artifact.size());
    }
    return new Words(artifact.read(base, length), base);
  }

  int u8(int offset) {
    return data.at(offset) & 0xff;
  }

  int u16(int offset) {
    return u8(offset) | (u8(offset + 1) << 8);
  }

  long u32(int offset) {
    return u16(offset) | ((long) u16(offset + 2) << 16);
  }

  /** Writes {@code value} as four bytes. */
  static void putU32(byte[] target, int offset, long value) {
    for (int i = 0; i < Integer.BYTES; i++) {
      target[offset + i] = (byte) (value >>> (8 * i));
    }
  }
}
