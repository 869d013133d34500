// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.xml;

import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.xml.crypto.NodeSetData;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.dsig.TransformException;
import javax.xml.crypto.dsig.TransformService;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import org.w3c.dom.Node;

/** Canonical forms without comments. */
public enum Canonical {
  /** Canonical XML 1.0. */
  INCLUSIVE("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
  /** Exclusive XML Canonicalization 1.0. */
  EXCLUSIVE("http://www.w3.org/2001/10/xml-exc-c14n#");

  private final String uri;

  Canonical(String uri) {
    this.uri = uri;
  }

  public String uri() {
    return uri;
  }

  static Optional<Canonical> byUri(String uri) {
    return Arrays.stream(values()).filter(c -> c.uri.equals(uri)).findFirst();
  }

  /** Of {@code apex}, a document or an element, and what is below it. */
  public Bytes of(Node apex) {
    return octets(apex, Optional.empty());
  }

  /** The same as if {@code left} were not there. */
  public Bytes without(Node apex, Node left) {
    return octets(apex, Optional.of(left));
  }

  private Bytes octets(Node apex, Optional<Node> left) {
    try {
      TransformService service = TransformService.getInstance(uri, "DOM");
      service.init((TransformParameterSpec) null);
      var nodes = new ArrayList<Node>();
      collect(apex, left, nodes);
      // to the JDK a node-set data says what it yields, not what it is
      var data = (OctetStreamData) service.transform(new Nodes(nodes), null);
      try (InputStream in = data.getOctetStream()) {
        return Bytes.wrap(in.readAllBytes());
      }
    } catch (TransformException e) {
      // the specification knows one reason: a namespace that is no absolute URI
      throw XmlFault.malformed("The document has no canonical form: " + e.getMessage());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK does not canonicalize as " + uri, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Depth is bounded by {@link XmlDocument#MAX_DEPTH}. The JDK adds attributes by itself. */
  private static void collect(Node node, Optional<Node> left, List<Node> out) {
    boolean leftOut = left.isPresent() && left.get().isSameNode(node);
    if (leftOut || node.getNodeType() == Node.COMMENT_NODE) {
      return;
    }
    out.add(node);
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      collect(child, left, out);
    }
  }

  private record Nodes(List<Node> all) implements NodeSetData<Node> {
    @Override
    public Iterator<Node> iterator() {
      return all.iterator();
    }
  }
}
