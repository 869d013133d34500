// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.xml;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * An XML 1.0 document in UTF-8, read by the JDK: no document type, so nothing external and nothing
 * that expands; bounded in size and depth. Not thread-safe.
 */
public final class XmlDocument {
  /** Bytes. A tree in memory takes ten times as much. */
  public static final int MAX_SIZE = 8 << 20;

  /** Elements in one another. Manifests have eight, their signatures twelve. */
  static final int MAX_DEPTH = 64;

  private static final String JDK = "jdk.xml.";
  private static final String XERCES = "http://apache.org/xml/features/";

  private final Bytes content;
  private final Document document;

  private XmlDocument(Bytes content, Document document) {
    this.content = content;
    this.document = document;
  }

  /**
   * Reads all of {@code artifact}.
   *
   * @throws io.sgcsign.artifact.ArtifactException if it is no such document
   */
  public static XmlDocument parse(Artifact artifact) {
    if (artifact.size() > MAX_SIZE) {
      throw XmlFault.tooLarge(
          "The document has %d bytes, more than %d".formatted(artifact.size(), MAX_SIZE));
    }
    return parse(artifact.read(0, (int) artifact.size()));
  }

  /**
   * Reads a document.
   *
   * @throws io.sgcsign.artifact.ArtifactException if it is no such document
   */
  public static XmlDocument parse(Bytes content) {
    if (content.isEmpty()) {
      throw XmlFault.empty();
    }
    try {
      var source = new InputSource(new ByteArrayInputStream(content.toArray()));
      source.setEncoding("UTF-8");
      Document document = builder().parse(source);
      String encoding = document.getXmlEncoding();
      if (encoding != null && !encoding.toLowerCase(Locale.ROOT).equals("utf-8")) {
        throw XmlFault.malformed("The document says its encoding is " + encoding + ", not UTF-8");
      }
      if (!"1.0".equals(document.getXmlVersion())) {
        throw XmlFault.malformed("The document is XML " + document.getXmlVersion());
      }
      return new XmlDocument(content, document);
    } catch (SAXParseException e) {
      throw XmlFault.malformed(
          "The document is not well-formed at line %d, column %d: %s"
              .formatted(e.getLineNumber(), e.getColumnNumber(), e.getMessage()));
    } catch (SAXException e) {
      throw XmlFault.malformed("The document cannot be read: " + e.getMessage());
    } catch (IOException e) {
      // no medium can fail here: these are bytes that are no UTF-8
      throw XmlFault.malformed("The document is not UTF-8: " + e.getMessage());
    }
  }

  private static DocumentBuilder builder() {
    try {
      var factory = DocumentBuilderFactory.newDefaultNSInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature(XERCES + "disallow-doctype-decl", true);
      factory.setFeature(XERCES + "dom/defer-node-expansion", false);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(true);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      factory.setAttribute(JDK + "maxElementDepth", Integer.toString(MAX_DEPTH));
      // these count &amp; too (JDK 24 and later); there are no other entities without a DTD
      factory.setAttribute(JDK + "maxGeneralEntitySizeLimit", "0");
      factory.setAttribute(JDK + "totalEntitySizeLimit", "0");
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new Strict());
      return builder;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("This JDK's XML parser lacks a feature", e);
    }
  }

  /**
   * Insists that no two elements have one Id: readers may each see another one signed.
   *
   * @param which the elements that count
   */
  public void requireUniqueIds(Predicate<Element> which) {
    var ids = new HashSet<String>();
    for (Element element : elements()) {
      for (Attr attribute : which.test(element) ? Elements.attributes(element) : List.<Attr>of()) {
        String name = String.valueOf(attribute.getLocalName());
        boolean id = name.equals("Id") || name.equals("ID") || attribute.getName().equals("xml:id");
        if (id && !ids.add(attribute.getValue())) {
          throw XmlFault.malformed("Two elements have the Id \"" + attribute.getValue() + "\"");
        }
      }
    }
  }

  public Bytes content() {
    return content;
  }

  public Element root() {
    return document.getDocumentElement();
  }

  /** The document node: canonical forms of it have what stands around the root. */
  public Node node() {
    return document;
  }

  /** All elements, in document order. */
  public List<Element> elements() {
    return Elements.all(root());
  }

  /** Whether there is something that canonical forms leave out. */
  public boolean hasComments() {
    return comments(document);
  }

  private static boolean comments(Node node) {
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child.getNodeType() == Node.COMMENT_NODE || comments(child)) {
        return true;
      }
    }
    return false;
  }

  /** Begins a change. */
  public XmlEdit edit() {
    return new XmlEdit(this);
  }

  /** Throws everything: what a parser would print or overlook. */
  private static final class Strict implements ErrorHandler {
    @Override
    public void warning(SAXParseException e) throws SAXException {
      throw e;
    }

    @Override
    public void error(SAXParseException e) throws SAXException {
      throw e;
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
      throw e;
    }
  }
}
