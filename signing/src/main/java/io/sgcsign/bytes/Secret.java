// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bytes;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A password, PIN or token. Prints {@code ***}; {@link #close} wipes it. The garbage collector may
 * have copied it before: real protection is a key that lives in hardware.
 */
public final class Secret implements AutoCloseable {
  private final char[] value;

  private Secret(char[] value) {
    this.value = value;
  }

  public static Secret of(String value) {
    return new Secret(value.toCharArray());
  }

  public static Secret of(char[] value) {
    return new Secret(value.clone());
  }

  /** A copy; the caller wipes it. */
  public char[] reveal() {
    return value.clone();
  }

  /** A UTF-8 copy; the caller wipes it. */
  public byte[] revealUtf8() {
    byte[] room = new byte[value.length * 3];
    var out = ByteBuffer.wrap(room);
    var _ = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value), out, true);
    byte[] copy = Arrays.copyOf(room, out.position());
    Arrays.fill(room, (byte) 0);
    return copy;
  }

  public int length() {
    return value.length;
  }

  @Override
  public void close() {
    Arrays.fill(value, '\0');
  }

  @Override
  public String toString() {
    return "***";
  }
}
