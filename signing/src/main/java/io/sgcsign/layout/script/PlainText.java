// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Runs of characters that need no look at each: nearly all of nearly every script. */
final class PlainText {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.BIG_ENDIAN);
  private static final long EACH = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long BEHIND_RETURN = ('\r' + 1) * EACH;

  private PlainText() {}

  /**
   * Where the next octet is that can matter: one of no ASCII character, a {@code stop} (which is
   * ASCII), a carriage return or what sorts before it.
   *
   * @return {@code to} if none is before that
   */
  static int skip(byte[] buffer, int from, int to, int stop) {
    long stops = stop * EACH;
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long eight = (long) LONGS.get(buffer, at);
      // a subtraction can borrow from what stands behind a find, so only the first is certain
      long other = eight ^ stops;
      if (((eight | (eight - BEHIND_RETURN) | (other - EACH)) & HIGH) != 0) {
        break;
      }
    }
    while (at < to && buffer[at] > '\r' && buffer[at] != stop) {
      at++;
    }
    return at;
  }

  /**
   * Where the next code unit of UTF-16 is that can matter: a {@code stop}, a carriage return or
   * what sorts before it.
   *
   * @return {@code to}, or one less where half a unit is left, if none is before that
   */
  static int skipUnits(byte[] buffer, int from, int to, int stop, boolean littleEndian) {
    int at = from;
    for (; at + 2 <= to; at += 2) {
      char unit = littleEndian ? (char) LITTLE.get(buffer, at) : (char) BIG.get(buffer, at);
      if (unit <= '\r' || unit == stop) {
        break;
      }
    }
    return at;
  }

  /** Writes as many units of big-endian UTF-16 as little-endian ones. */
  static void swap(byte[] from, int offset, int units, byte[] to, int at) {
    for (int i = 0; i < 2 * units; i += 2) {
      LITTLE.set(to, at + i, (char) BIG.get(from, offset + i));
    }
  }

  /**
   * Writes ASCII characters as little-endian UTF-16, as many as come.
   *
   * @return how many
   */
  static int widen(byte[] from, int offset, int length, byte[] to, int at) {
    int done = 0;
    for (; done + Long.BYTES <= length; done += Long.BYTES) {
      long eight = (long) LONGS.get(from, offset + done);
      if ((eight & HIGH) != 0) {
        break;
      }
      LONGS.set(to, at + 2 * done, spread(eight));
      LONGS.set(to, at + 2 * done + Long.BYTES, spread(eight >>> Integer.SIZE));
    }
    for (; done < length && from[offset + done] >= 0; done++) {
      to[at + 2 * done] = from[offset + done];
      to[at + 2 * done + 1] = 0;
    }
    return done;
  }

  /** The low four octets with a zero behind each. */
  private static long spread(long octets) {
    long four = octets & 0xffffffffL;
    long pairs = (four | four << 16) & 0x0000ffff0000ffffL;
    return (pairs | pairs << 8) & 0x00ff00ff00ff00ffL;
  }
}
