// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

/** Text inside XML 1.0. */
final class XmlText {
  private XmlText() {}

  /** Fit for attributes in double quotes and for elements; what XML cannot hold becomes U+FFFD. */
  static String escape(String text) {
    var out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            case '\t', '\n', '\r' -> out.append("&#").append(c).append(';');
            default -> out.appendCodePoint(allowed(c) ? c : 0xfffd);
          }
        });
    return out.toString();
  }

  /** Char (XML 1.0 §2.2). */
  private static boolean allowed(int c) {
    return (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
  }
}
