// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.xml;

import io.sgcsign.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the elements of a document stand in its bytes. Only for documents the parser has accepted:
 * what they mean it says, this only finds the tags again. UTF-8 has no bytes of markup within other
 * characters.
 */
final class XmlSpans {
  private final byte[] text;
  private final List<Span> spans = new ArrayList<>();
  private int at;

  private XmlSpans(Bytes content) {
    this.text = content.toArray();
  }

  /** An element; {@code closeAt} is where its end tag begins, or {@code end} if it has none. */
  static final class Span {
    final String name;
    final int start;
    final List<Attribute> attributes = new ArrayList<>();
    int openEnd;
    int closeAt;
    int end;

    Span(String name, int start) {
      this.name = name;
      this.start = start;
    }

    /** Whether it is written {@code <a/>}. */
    boolean empty() {
      return closeAt == end;
    }
  }

  /** An attribute; its value lies from {@code from} to {@code to}, without the quotes. */
  record Attribute(String name, int from, int to) {}

  /** All elements, in document order. */
  static List<Span> of(Bytes content) {
    try {
      var scan = new XmlSpans(content);
      scan.scan();
      return scan.spans;
    } catch (IndexOutOfBoundsException e) {
      throw XmlFault.malformed("The document ends within a tag");
    }
  }

  private void scan() {
    Deque<Span> open = new ArrayDeque<>();
    while (at < text.length) {
      if (text[at] != '<') {
        at++;
      } else if (looking("<!--")) {
        skip("-->");
      } else if (looking("<![CDATA[")) {
        skip("]]>");
      } else if (looking("<?")) {
        skip("?>");
      } else if (looking("</")) {
        @Nullable Span last = open.poll();
        if (last == null) {
          throw XmlFault.malformed("A tag at offset " + at + " closes nothing");
        }
        last.closeAt = at;
        skip(">");
        last.end = at;
      } else {
        Span span = tag();
        spans.add(span);
        if (span.end == 0) {
          open.push(span);
        }
      }
    }
    if (!open.isEmpty()) {
      throw XmlFault.malformed("The element " + open.peek().name + " is not closed");
    }
  }

  private Span tag() {
    int start = at++;
    var span = new Span(name(), start);
    while (true) {
      space();
      if (text[at] == '>') {
        span.openEnd = ++at;
        return span;
      }
      if (text[at] == '/') {
        at += 2;
        span.openEnd = at;
        span.closeAt = at;
        span.end = at;
        return span;
      }
      String name = name();
      space();
      at++; // =
      space();
      byte quote = text[at++];
      int from = at;
      while (text[at] != quote) {
        at++;
      }
      span.attributes.add(new Attribute(name, from, at++));
    }
  }

  private String name() {
    int from = at;
    while (!isSpace() && text[at] != '=' && text[at] != '>' && text[at] != '/') {
      at++;
    }
    if (at == from) {
      throw XmlFault.malformed("There is no name at offset " + at);
    }
    return new String(text, from, at - from, StandardCharsets.UTF_8);
  }

  private void space() {
    while (isSpace()) {
      at++;
    }
  }

  private boolean isSpace() {
    return text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r';
  }

  private boolean looking(String mark) {
    if (at + mark.length() > text.length) {
      return false;
    }
    for (int i = 0; i < mark.length(); i++) {
      if (text[at + i] != mark.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void skip(String mark) {
    while (!looking(mark)) {
      if (++at > text.length) {
        throw XmlFault.malformed("The document ends before " + mark);
      }
    }
    at += mark.length();
  }
}
