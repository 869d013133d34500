// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

/** Decodes UTF-8 octet by octet, strictly (RFC 3629 §4). Used by one thread. */
final class Utf8 {
  static final int PENDING = -1;
  static final int INVALID = -2;

  private static final int ASCII_END = 0x80;
  private static final int TAIL_FIRST = 0x80;
  private static final int TAIL_LAST = 0xbf;

  private int missing;
  private int value;
  private int least = TAIL_FIRST;
  private int most = TAIL_LAST;

  /** The code point that {@code octet} completes, {@link #PENDING} or {@link #INVALID}. */
  int feed(int octet) {
    if (missing == 0) {
      return octet < ASCII_END ? octet : begin(octet);
    }
    if (octet < least || octet > most) {
      missing = 0;
      return INVALID;
    }
    least = TAIL_FIRST;
    most = TAIL_LAST;
    value = (value << 6) | (octet & 0x3f);
    missing--;
    return missing == 0 ? value : PENDING;
  }

  private int begin(int octet) {
    if (octet < 0xc2 || octet > 0xf4) {
      return INVALID;
    }
    missing = octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
    value = octet & (0x3f >> missing);
    // no overlong forms, no surrogates, nothing beyond U+10FFFF
    least = octet == 0xe0 ? 0xa0 : octet == 0xf0 ? 0x90 : TAIL_FIRST;
    most = octet == 0xed ? 0x9f : octet == 0xf4 ? 0x8f : TAIL_LAST;
    return PENDING;
  }

  /** Whether a character was begun and not ended. */
  boolean pending() {
    return missing > 0;
  }
}
