// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes what {@link Prefixed} reads. Not thread-safe. */
final class PrefixedOut {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PrefixedOut octet(int value) {
    out.write(value);
    return this;
  }

  PrefixedOut number(int value) {
    ByteBuffer four = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.writeBytes(four.putInt(value).array());
    return this;
  }

  PrefixedOut wide(long value) {
    ByteBuffer eight = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.writeBytes(eight.putLong(value).array());
    return this;
  }

  PrefixedOut string(Bytes value) {
    number(value.size());
    out.writeBytes(value.toArray());
    return this;
  }

  int size() {
    return out.size();
  }

  Bytes bytes() {
    return Bytes.wrap(out.toByteArray());
  }
}
