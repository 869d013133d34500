// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

import static io.sgcsign.layout.xml.XmlAlgorithms.DSIG;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.Canonical;
import io.sgcsign.layout.xml.Elements;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.layout.xml.XmlDocument;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.pki.Digest;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/**
 * A reference of the signature's Manifest to a part (ECMA-376-2 §13.2.4.4).
 *
 * @param part its name
 * @param type its content type
 * @param transforms what is done to it before it is digested
 */
record PartReference(String part, String type, List<Element> transforms, Digest digest) {
  private static final String QUERY = "?ContentType=";

  static PartReference of(Element reference) {
    if (!Elements.is(reference, DSIG, "Reference")) {
      throw VsixPackage.malformed("There is something in place of a Reference");
    }
    String uri = reference.getAttributeNS(null, "URI");
    int query = uri.indexOf(QUERY);
    List<Element> parts = Elements.children(reference);
    boolean transformed = parts.size() == 3 && Elements.is(parts.getFirst(), DSIG, "Transforms");
    if (query < 1 || uri.charAt(0) != '/' || !(transformed || parts.size() == 2)) {
      throw VsixPackage.malformed("A reference is to no part: " + uri);
    }
    return new PartReference(
        uri.substring(0, query),
        uri.substring(query + QUERY.length()),
        transformed ? Elements.children(parts.getFirst()) : List.of(),
        SignedInfo.digest(parts.get(parts.size() - 2), parts.getLast()));
  }

  /** The digest of the part as it is now, and what of it is left out of it. */
  Measured measure(VsixPackage file, ZipEntry entry) {
    if (transforms.isEmpty()) {
      return new Measured(file.digest(entry, digest.algorithm()), Optional.empty());
    }
    Element first = transforms.getFirst();
    if (algorithm(first).equals(Opc.RELATIONSHIP_TRANSFORM)) {
      Canonical canonical = canonical(transforms.subList(1, transforms.size()));
      var transform = RelationshipTransform.of(first);
      Relationships relationships = Relationships.parse(file.read(entry));
      Bytes octets = canonical.of(transform.apply(relationships).node());
      return new Measured(Digest.of(digest.algorithm(), octets), transform.leftOut(relationships));
    }
    XmlDocument document = XmlDocument.parse(file.read(entry));
    Bytes octets = canonical(transforms).of(document.node());
    return new Measured(Digest.of(digest.algorithm(), octets), Optional.empty());
  }

  /**
   * What was found.
   *
   * @param leftOut a relationship that the digest does not cover
   */
  record Measured(Digest digest, Optional<String> leftOut) {}

  /** The only transform that may come last. */
  private Canonical canonical(List<Element> rest) {
    if (rest.size() == 1 && Elements.children(rest.getFirst()).isEmpty()) {
      for (Canonical canonical : Canonical.values()) {
        if (algorithm(rest.getFirst()).equals(canonical.uri())) {
          return canonical;
        }
      }
    }
    throw VsixPackage.malformed("The transforms of " + part + " are unknown");
  }

  private static String algorithm(Element transform) {
    return transform.getAttributeNS(null, "Algorithm");
  }
}
