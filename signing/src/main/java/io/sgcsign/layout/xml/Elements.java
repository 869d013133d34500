// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.xml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/** Ways through a tree of elements. */
public final class Elements {
  private static final String XMLNS = "http://www.w3.org/2000/xmlns/";

  private Elements() {}

  /** {@code apex} and all elements below it, in document order. */
  public static List<Element> all(Element apex) {
    var out = new ArrayList<Element>();
    collect(apex, out);
    return out;
  }

  private static void collect(Element element, List<Element> out) {
    out.add(element);
    children(element).forEach(child -> collect(child, out));
  }

  /** The elements right below. */
  public static List<Element> children(Element parent) {
    var out = new ArrayList<Element>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element) {
        out.add(element);
      }
    }
    return out;
  }

  /** Those of them with this name. */
  public static List<Element> children(Element parent, String namespace, String name) {
    return children(parent).stream().filter(e -> is(e, namespace, name)).toList();
  }

  /** The only one with this name; empty if there is none or another one. */
  public static Optional<Element> child(Element parent, String namespace, String name) {
    List<Element> found = children(parent, namespace, name);
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  public static boolean is(Element element, String namespace, String name) {
    return namespace.equals(element.getNamespaceURI()) && name.equals(element.getLocalName());
  }

  /** All attributes besides namespace declarations. */
  public static List<Attr> attributes(Element element) {
    var out = new ArrayList<Attr>();
    NamedNodeMap all = element.getAttributes();
    for (int i = 0; i < all.getLength(); i++) {
      if (all.item(i) instanceof Attr attribute && !XMLNS.equals(attribute.getNamespaceURI())) {
        out.add(attribute);
      }
    }
    return out;
  }

  /** An attribute without a namespace. */
  public static Optional<String> attribute(Element element, String name) {
    return element.hasAttributeNS(null, name)
        ? Optional.of(element.getAttributeNS(null, name))
        : Optional.empty();
  }

  /** Whether there is text right in the element that is not just white space. */
  public static boolean hasText(Element element) {
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      boolean text =
          child.getNodeType() == Node.TEXT_NODE || child.getNodeType() == Node.CDATA_SECTION_NODE;
      if (text && !child.getNodeValue().isBlank()) {
        return true;
      }
    }
    return false;
  }
}
