// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Digests;
import java.util.Set;

/** Digests text as little-endian UTF-16, whatever it is encoded in. Used by one thread. */
final class Utf16Digest {
  /** The most bytes one octet of input can become. */
  private static final int MOST = 4;

  private final TextEncoding encoding;
  private final Digests.Pass pass;
  private final Utf8 utf8 = new Utf8();
  private final byte[] out = new byte[Artifact.STEP];
  private int filled;
  private int held = -1;
  private long units;

  Utf16Digest(TextEncoding encoding, Set<DigestAlgorithm> algorithms) {
    this.encoding = encoding;
    this.pass = Digests.of(algorithms);
  }

  void accept(byte[] buffer, int offset, int length) {
    int end = offset + length;
    for (int i = offset; i < end; ) {
      if (filled > out.length - MOST) {
        flush();
      }
      int done = plain(buffer, i, end - i);
      if (done > 0) {
        i += done;
      } else {
        octet(buffer[i++] & 0xff);
      }
    }
  }

  /** Takes octets that need no look at each; returns how many, 0 if the next one does. */
  private int plain(byte[] buffer, int offset, int length) {
    if (held >= 0 || utf8.pending()) {
      return 0;
    }
    int units = Math.min(length / encoding.unit(), (out.length - filled) / 2);
    int done =
        switch (encoding) {
          case UTF_8, WINDOWS_1252 -> PlainText.widen(buffer, offset, units, out, filled);
          case UTF_16LE -> {
            System.arraycopy(buffer, offset, out, filled, 2 * units);
            yield units;
          }
          case UTF_16BE -> {
            PlainText.swap(buffer, offset, units, out, filled);
            yield units;
          }
        };
    filled += 2 * done;
    this.units += done;
    return done * encoding.unit();
  }

  private void octet(int octet) {
    switch (encoding) {
      case WINDOWS_1252 -> unit(TextEncoding.ansi(octet));
      case UTF_8 -> codePoint(utf8.feed(octet));
      case UTF_16LE, UTF_16BE -> {
        if (held < 0) {
          held = octet;
        } else {
          unit((char) (encoding.littleEndian() ? (octet << 8) | held : (held << 8) | octet));
          held = -1;
        }
      }
    }
  }

  private void codePoint(int value) {
    if (value == Utf8.INVALID) {
      throw ScriptFault.encoding("The text is no UTF-8");
    }
    if (value == Utf8.PENDING) {
      return;
    }
    if (Character.isBmpCodePoint(value)) {
      unit((char) value);
    } else {
      unit(Character.highSurrogate(value));
      unit(Character.lowSurrogate(value));
    }
  }

  private void unit(char c) {
    out[filled++] = (byte) c;
    out[filled++] = (byte) (c >> 8);
    units++;
  }

  private void flush() {
    pass.update(out, 0, filled);
    filled = 0;
  }

  /** Code units so far. */
  long units() {
    return units;
  }

  /** Adds a number as four octets, the least significant first. */
  void number(long value) {
    flush();
    for (int i = 0; i < Integer.BYTES; i++) {
      out[filled++] = (byte) (value >>> (8 * i));
    }
  }

  Digests finish() {
    flush();
    return pass.finish();
  }
}
