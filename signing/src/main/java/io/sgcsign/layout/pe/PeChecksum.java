// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.bytes.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The checksum of IMAGE_OPTIONAL_HEADER as CheckSumMappedFile computes it: the end-around-carry sum
 * of the file's little-endian 16-bit words with CheckSum taken as zero, plus the file's length.
 * Such a sum is the sum modulo 65535, so parts can be added in any order and eight bytes at a time.
 */
final class PeChecksum {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MODULUS = 0xffff;

  private long sum;

  PeChecksum copy() {
    var copy = new PeChecksum();
    copy.sum = sum;
    return copy;
  }

  /** Adds bytes that lie at {@code position} of the file. */
  PeChecksum add(byte[] data, int offset, int length, long position) {
    long part = words(data, offset, length) % MODULUS;
    // a step of one byte multiplies by 256
    sum = (sum + ((position & 1) == 0 ? part : part * 256)) % MODULUS;
    return this;
  }

  PeChecksum add(PeChecksum other) {
    sum = (sum + other.sum) % MODULUS;
    return this;
  }

  PeChecksum add(Bytes data, long position) {
    byte[] array = data.toArray();
    return add(array, 0, array.length, position);
  }

  private static long words(byte[] data, int offset, int length) {
    long low = 0;
    long high = 0;
    int eights = length / Long.BYTES;
    for (int i = 0; i < eights; i++) { // counted like this, the JIT compiler makes vectors of it
      long eight = (long) LONGS.get(data, offset + i * Long.BYTES);
      low += eight & 0xffffffffL;
      high += eight >>> 32;
    }
    int at = offset + eights * Long.BYTES;
    long rest = 0;
    for (int i = 0; at + i < offset + length; i++) {
      rest += (data[at + i] & 0xffL) << (8 * (i & 1));
    }
    return low % MODULUS + high % MODULUS + rest;
  }

  /** The checksum of a file of {@code size} bytes. */
  long value(long size) {
    // no PE file is all zeros, and a carry sum of anything else is never zero
    return ((sum == 0 ? MODULUS : sum) + size) & 0xffffffffL;
  }
}
