// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.xml;

import io.sgcsign.artifact.Patch;
import io.sgcsign.artifact.Patch.Piece;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.XmlSpans.Attribute;
import io.sgcsign.layout.xml.XmlSpans.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/** A change of a document that leaves every other byte as it is. Not thread-safe. */
public final class XmlEdit {
  private final int size;
  private final IdentityHashMap<Element, Span> spans = new IdentityHashMap<>();
  private final List<Change> changes = new ArrayList<>();

  /** What stands from {@code from} to {@code to} becomes {@code text}. */
  private record Change(int from, int to, String text) {}

  XmlEdit(XmlDocument document) {
    this.size = document.content().size();
    List<Element> elements = document.elements();
    List<Span> found = XmlSpans.of(document.content());
    if (elements.size() != found.size()) {
      throw XmlFault.malformed("The elements of the document cannot be found in its bytes");
    }
    for (int i = 0; i < found.size(); i++) {
      if (!elements.get(i).getNodeName().equals(found.get(i).name)) {
        throw XmlFault.malformed("The elements of the document cannot be found in its bytes");
      }
      spans.put(elements.get(i), found.get(i));
    }
  }

  private Span span(Element element) {
    Span span = spans.get(element);
    if (span == null) {
      throw new IllegalArgumentException("The element is not of this document");
    }
    return span;
  }

  /** Gives an attribute without a namespace a value. */
  public XmlEdit attribute(Element element, String name, String value) {
    Span span = span(element);
    Optional<Attribute> present =
        span.attributes.stream().filter(a -> a.name().equals(name)).findFirst();
    if (present.isPresent()) {
      changes.add(new Change(present.get().from(), present.get().to(), XmlText.escape(value)));
    } else {
      int tagEnd = span.start + 1 + Bytes.utf8(span.name).size();
      changes.add(new Change(tagEnd, tagEnd, " " + name + "=\"" + XmlText.escape(value) + "\""));
    }
    return this;
  }

  /** Takes an element out. */
  public XmlEdit remove(Element element) {
    Span span = span(element);
    changes.add(new Change(span.start, span.end, ""));
    return this;
  }

  /** Puts {@code xml} behind everything in {@code parent}, which is not written {@code <a/>}. */
  public XmlEdit append(Element parent, String xml) {
    Span span = span(parent);
    if (span.empty()) {
      throw XmlFault.malformed("The element " + span.name + " is empty");
    }
    changes.add(new Change(span.closeAt, span.closeAt, xml));
    return this;
  }

  /** Puts text in place of everything in an element, which is not written {@code <a/>}. */
  public XmlEdit text(Element element, String text) {
    Span span = span(element);
    if (span.empty()) {
      throw XmlFault.malformed("The element " + span.name + " is empty");
    }
    changes.add(new Change(span.openEnd, span.closeAt, XmlText.escape(text)));
    return this;
  }

  /** The document with these changes. */
  public Patch patch() {
    var sorted = new ArrayList<>(changes);
    sorted.sort(Comparator.comparingInt(Change::from).thenComparingInt(Change::to));
    var pieces = new ArrayList<Piece>();
    int at = 0;
    for (Change change : sorted) {
      if (change.from() < at) {
        throw XmlFault.malformed("Two changes of the document meet");
      }
      pieces.add(new Piece.Range(at, change.from() - at));
      pieces.add(new Piece.Literal(Bytes.utf8(change.text())));
      at = change.to();
    }
    pieces.add(new Piece.Range(at, size - at));
    return new Patch(pieces.stream().filter(p -> p.length() > 0).toList());
  }
}
