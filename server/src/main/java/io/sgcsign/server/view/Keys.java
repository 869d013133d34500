// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import java.util.HexFormat;

/** Keys of rows whose text order is the order wanted. */
final class Keys {
  /** Sorts after every key made of ASCII. */
  static final String END = "\uffff";

  private Keys() {}

  /** A seq in 16 hexadecimal digits. */
  static String seq(long seq) {
    return HexFormat.of().toHexDigits(seq);
  }

  static long seq(String key) {
    return Long.parseLong(key, 16);
  }

  /** The smallest key after this one. */
  static String after(String key) {
    return key + "\0";
  }

  /** Enough of a digest to find a row by; the row itself has all of it. */
  static String shorten(Digest digest) {
    return digest.value().slice(0, 12).toHex();
  }

  /** A text of any length and content as 32 hexadecimal digits. */
  static String hash(String text) {
    return Digest.sha256(Bytes.utf8(text)).value().slice(0, 16).toHex();
  }
}
