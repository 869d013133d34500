// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

import io.sgcsign.bytes.Bytes;
import java.util.Optional;

/** A signature block as it stands in a script: comment lines around base64. */
final class ScriptBlock {
  private static final String EOL = "\r\n";

  /** Characters of base64 in a line. The Windows Script Host writes 44, but takes any number. */
  private static final int WIDTH = 64;

  private final ScriptStyle style;
  private final String text;
  private final String base64;
  private final int width;

  private ScriptBlock(ScriptStyle style, String text, String base64, int width) {
    this.style = style;
    this.text = text;
    this.base64 = base64;
    this.width = width;
  }

  /**
   * Takes a block apart.
   *
   * @param text from the line end before the first line to the one behind the last
   * @param offset where it stands in the file
   * @throws io.sgcsign.artifact.ArtifactException if a line is none of a signature
   */
  static ScriptBlock parse(ScriptStyle style, String text, long offset) {
    var base64 = new StringBuilder(text.length());
    String[] lines = text.split("\r?\n", -1);
    int width = 0;
    // before the first line end there is nothing; then come the first line, base64, the last
    for (int i = 2; i < lines.length && !lines[i].equals(style.last()); i++) {
      String line = lines[i];
      int end = line.length() - style.close().length();
      if (!line.startsWith(style.open())
          || !line.endsWith(style.close())
          || end < style.open().length()) {
        throw ScriptFault.block(
            "Line "
                + (i - 1)
                + " of the signature block at offset "
                + offset
                + " is no part of it");
      }
      base64.append(line, style.open().length(), end);
      width = Math.max(width, end - style.open().length());
    }
    return new ScriptBlock(style, text, base64.toString(), width);
  }

  /** A block as signtool writes it, line ends of Windows included. */
  static String write(ScriptStyle style, Bytes signature) {
    return write(style, signature, WIDTH);
  }

  private static String write(ScriptStyle style, Bytes signature, int width) {
    String base64 = signature.toBase64();
    var out = new StringBuilder(EOL).append(style.first()).append(EOL);
    for (int i = 0; i < base64.length(); i += width) {
      out.append(style.open());
      out.append(base64, i, Math.min(i + width, base64.length()));
      out.append(style.close()).append(EOL);
    }
    return out.append(style.last()).append(EOL).toString();
  }

  /** The signature; empty: it is no base64. */
  Optional<Bytes> signature() {
    try {
      return Optional.of(Bytes.fromBase64(base64));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // the verifier says so
    }
  }

  /** Whether the block is exactly as Windows writes it, so that nothing hides in it. */
  boolean regular() {
    return width > 0
        && signature().filter(der -> write(style, der, width).equals(text)).isPresent();
  }

  /** Whether its line ends are Windows' own: it sees no signature otherwise. */
  boolean windowsLines() {
    return text.replace(EOL, "").indexOf('\n') < 0;
  }
}
