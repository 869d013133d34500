// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bytes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** Bytes that never change. Records hold these in place of arrays. Thread-safe. */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  final byte[] data;

  private Bytes(byte[] data) {
    this.data = data;
  }

  /** A copy of {@code data}. */
  public static Bytes of(byte... data) {
    return data.length == 0 ? EMPTY : new Bytes(data.clone());
  }

  /** A copy of {@code length} bytes of {@code data} from {@code offset}. */
  public static Bytes of(byte[] data, int offset, int length) {
    return new Bytes(Arrays.copyOfRange(data, offset, offset + length));
  }

  /** Takes {@code data} over without a copy; the caller must not touch it again. */
  public static Bytes wrap(byte[] data) {
    return new Bytes(data);
  }

  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Parses hexadecimal digits.
   *
   * @throws IllegalArgumentException if {@code hex} is not an even number of hexadecimal digits
   */
  public static Bytes fromHex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex));
  }

  /**
   * Parses standard base64 with padding (RFC 4648 §4).
   *
   * @throws IllegalArgumentException if {@code text} is not base64
   */
  public static Bytes fromBase64(String text) {
    return new Bytes(Base64.getDecoder().decode(text));
  }

  public static Bytes concat(Bytes... parts) {
    int length = 0;
    for (Bytes part : parts) {
      length = Math.addExact(length, part.data.length);
    }
    byte[] out = new byte[length];
    int at = 0;
    for (Bytes part : parts) {
      System.arraycopy(part.data, 0, out, at, part.data.length);
      at += part.data.length;
    }
    return new Bytes(out);
  }

  /** Compares as unsigned octets from the first; what ends first is less. */
  public int compareOctets(Bytes that) {
    return Arrays.compareUnsigned(data, that.data);
  }

  public int size() {
    return data.length;
  }

  public boolean isEmpty() {
    return data.length == 0;
  }

  public byte at(int index) {
    return data[index];
  }

  /** The bytes from {@code from} (inclusive) to {@code to} (exclusive). */
  public Bytes slice(int from, int to) {
    return new Bytes(Arrays.copyOfRange(data, from, to));
  }

  public byte[] toArray() {
    return data.clone();
  }

  /** A read-only view without a copy. */
  public ByteBuffer asBuffer() {
    return ByteBuffer.wrap(data).asReadOnlyBuffer();
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(data);
  }

  /** Copies {@code length} bytes from {@code from} into {@code target} at {@code offset}. */
  public void copyTo(int from, byte[] target, int offset, int length) {
    System.arraycopy(data, from, target, offset, length);
  }

  public String toHex() {
    return HexFormat.of().formatHex(data);
  }

  public String toBase64() {
    return Base64.getEncoder().encodeToString(data);
  }

  public String toUtf8() {
    return new String(data, StandardCharsets.UTF_8);
  }

  /** Compares in constant time. */
  @Override
  public boolean equals(Object o) {
    return o instanceof Bytes that && MessageDigest.isEqual(data, that.data);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return data.length <= 64 ? toHex() : data.length + " bytes";
  }
}
