// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.xml;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import org.w3c.dom.Element;

/** Text in and out of elements. */
public final class XmlText {
  private XmlText() {}

  /** As canonical forms write it (Canonical XML §2.3), fit for content and for attributes. */
  public static String escape(String text) {
    var out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\t', '\n', '\r' -> out.append("&#x%X;".formatted((int) c));
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  /**
   * Base64 (XML Schema base64Binary: white space anywhere).
   *
   * @throws ArtifactException if it is anything else
   */
  public static Bytes base64(Element element) {
    try {
      if (!Elements.children(element).isEmpty()) {
        throw XmlFault.malformed("There are elements in " + element.getNodeName());
      }
      return Bytes.fromBase64(element.getTextContent().replaceAll("[ \t\r\n]", ""));
    } catch (IllegalArgumentException e) {
      throw XmlFault.malformed("There is no base64 in " + element.getNodeName());
    }
  }
}
