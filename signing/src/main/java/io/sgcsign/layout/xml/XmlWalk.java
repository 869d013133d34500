// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.xml;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Walks over the tags of a document in order, without a tree: memory does not grow with it. */
public final class XmlWalk {
  /** Elements in one another. Manifests have up to ten. */
  private static final int MAX_DEPTH = 64;

  private final String name;
  private final Deque<String> paths = new ArrayDeque<>();
  private String rootNamespace = "";

  private XmlWalk(String name) {
    this.name = name;
  }

  /**
   * Hands every start tag to {@code visitor}.
   *
   * @param name of the document, for messages
   * @throws ArtifactException if it is not well-formed or has a document type
   */
  public static void of(Bytes document, String name, Consumer<XmlElement> visitor) {
    try {
      XMLStreamReader reader =
          factory().createXMLStreamReader(new ByteArrayInputStream(document.toArray()));
      new XmlWalk(name).walk(reader, visitor);
    } catch (XMLStreamException e) {
      throw malformed(name + " is not well-formed XML: " + firstLine(e));
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    factory.setXMLResolver((_, _, _, _) -> {
      throw new XMLStreamException("It refers to something outside of it");
    });
    return factory;
  }

  private static String firstLine(XMLStreamException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }

  private void walk(XMLStreamReader reader, Consumer<XmlElement> visitor)
      throws XMLStreamException {
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> visitor.accept(element(reader));
        case XMLStreamConstants.END_ELEMENT -> paths.pop();
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw malformed(name + " has a document type or entities of its own");
        default -> {
          // text, comments and instructions say nothing here
        }
      }
    }
  }

  private XmlElement element(XMLStreamReader reader) {
    String namespace = text(reader.getNamespaceURI());
    if (paths.isEmpty()) {
      rootNamespace = namespace;
    }
    if (paths.size() >= MAX_DEPTH) {
      throw malformed(name + " has more than " + MAX_DEPTH + " elements in one another");
    }
    String foreign = namespace.equals(rootNamespace) ? "" : "?";
    String above = paths.isEmpty() ? "" : paths.peek();
    String path = above + "/" + foreign + reader.getLocalName();
    paths.push(path);
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      if (text(reader.getAttributeNamespace(i)).isEmpty()) {
        attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
      }
    }
    return new XmlElement(path, namespace, attributes);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static ArtifactException malformed(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED", message, "Build the file again with the tool that made it.");
  }
}
