// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import java.nio.charset.StandardCharsets;

/** The JSON Canonicalization Scheme, RFC 8785, for integers. */
final class CanonicalJson {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder(512);

  private CanonicalJson() {}

  static Bytes write(Json value) {
    var writer = new CanonicalJson();
    writer.value(value);
    return Bytes.wrap(writer.out.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void value(Json value) {
    switch (value) {
      case Json.Obj object -> object(object);
      case Json.Arr array -> array(array);
      case Json.Text text -> text(text.value());
      case Json.Int number -> out.append(number.value());
      case Json.Bool bool -> out.append(bool.value());
      case Json.Nil _ -> out.append("null");
    }
  }

  private void object(Json.Obj object) {
    char separator = '{';
    for (var member : object.members().entrySet()) {
      out.append(separator);
      text(member.getKey());
      out.append(':');
      value(member.getValue());
      separator = ',';
    }
    out.append(separator == '{' ? "{}" : "}");
  }

  private void array(Json.Arr array) {
    char separator = '[';
    for (Json item : array.items()) {
      out.append(separator);
      value(item);
      separator = ',';
    }
    out.append(separator == '[' ? "[]" : "]");
  }

  /** RFC 8785 §3.2.2.2: only what must be escaped is escaped, lone surrogates are an error. */
  private void text(String text) {
    out.append('"');
    int written = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        out.append(text, written, i);
        escape(c);
        written = i + 1;
      } else if (Character.isSurrogate(c)) {
        requirePair(text, i);
        i++;
      }
    }
    out.append(text, written, text.length()).append('"');
  }

  private static void requirePair(String text, int at) {
    boolean pair =
        Character.isHighSurrogate(text.charAt(at))
            && at + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(at + 1));
    if (!pair) {
      throw new ProofException("The text holds a lone surrogate at " + at);
    }
  }

  private void escape(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      default -> out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    }
  }
}
