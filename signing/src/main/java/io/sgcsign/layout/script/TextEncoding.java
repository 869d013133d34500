// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The encodings Windows knows for scripts. */
enum TextEncoding {
  UTF_8("efbbbf", 1, StandardCharsets.UTF_8),
  UTF_16LE("fffe", 2, StandardCharsets.UTF_16LE),
  UTF_16BE("feff", 2, StandardCharsets.UTF_16BE),
  /** The code page of Western Windows, which needs no mark. */
  WINDOWS_1252("", 1, StandardCharsets.ISO_8859_1);

  private static final char[] ANSI = ansi();

  private final String mark;
  private final int unit;
  private final Charset ascii;

  TextEncoding(String mark, int unit, Charset ascii) {
    this.mark = mark;
    this.unit = unit;
    this.ascii = ascii;
  }

  private static char[] ansi() {
    var out = new char[256];
    Charset charset = Charset.forName("windows-1252");
    for (int i = 0; i < out.length; i++) {
      char c = new String(new byte[] {(byte) i}, charset).charAt(0);
      out[i] = c == '\ufffd' ? (char) i : c; // Windows takes the five free places as they are
    }
    return out;
  }

  /** The encoding the file's byte order mark names. */
  static Optional<TextEncoding> marked(Artifact artifact) {
    for (TextEncoding each : values()) {
      int length = each.markSize();
      if (length > 0
          && artifact.size() >= length
          && artifact.read(0, length).toHex().equals(each.mark)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  int markSize() {
    return mark.length() / 2;
  }

  /** Bytes of a code unit. */
  int unit() {
    return unit;
  }

  boolean littleEndian() {
    return this == UTF_16LE;
  }

  /** ASCII text in this encoding. */
  Bytes encode(String text) {
    return Bytes.wrap(text.getBytes(ascii));
  }

  /** Text that should be ASCII; anything else becomes something that is no base64 either. */
  String decode(Bytes bytes) {
    return new String(bytes.toArray(), unit == 2 ? ascii : StandardCharsets.ISO_8859_1);
  }

  static char ansi(int octet) {
    return ANSI[octet];
  }
}
