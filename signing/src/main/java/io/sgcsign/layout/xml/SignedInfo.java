// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.xml;

import static io.sgcsign.layout.xml.XmlAlgorithms.DSIG;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;

/**
 * The SignedInfo of a signature with one reference (XML-Signature §4.4). Nothing optional, nothing
 * with parameters: what two readers could take differently is refused.
 *
 * @param canonical its CanonicalizationMethod
 * @param algorithm its SignatureMethod
 */
public record SignedInfo(Canonical canonical, SignatureAlgorithm algorithm, Reference reference) {
  /** The enveloped signature transform (XML-Signature §6.6.4). */
  public static final String ENVELOPED = DSIG + "enveloped-signature";

  /**
   * What is signed.
   *
   * @param uri empty: the document
   * @param type empty: none
   * @param transforms their algorithms
   */
  public record Reference(String uri, String type, List<String> transforms, Digest digest) {
    public Reference {
      transforms = List.copyOf(transforms);
    }
  }

  /** Its canonical form, which is the same for both ways to canonicalize. */
  public Bytes octets(XmlAlgorithms names) {
    String transforms =
        reference.transforms().stream()
            .map(t -> empty("Transform", t))
            .collect(Collectors.joining("", "<Transforms>", "</Transforms>"));
    String type = reference.type().isEmpty() ? "" : " Type=\"" + reference.type() + "\"";
    return Bytes.utf8(
        "<SignedInfo xmlns=\""
            + DSIG
            + "\">"
            + empty("CanonicalizationMethod", canonical.uri())
            + empty("SignatureMethod", names.uri(algorithm))
            + "<Reference"
            + type
            + " URI=\""
            + reference.uri()
            + "\">"
            + (reference.transforms().isEmpty() ? "" : transforms)
            + empty("DigestMethod", names.uri(reference.digest().algorithm()))
            + "<DigestValue>"
            + reference.digest().value().toBase64()
            + "</DigestValue></Reference></SignedInfo>");
  }

  private static String empty(String name, String algorithm) {
    return "<" + name + " Algorithm=\"" + algorithm + "\"></" + name + ">";
  }

  /** Reads canonical octets; empty if they are anything else. */
  public static Optional<SignedInfo> ofCanonical(Bytes octets) {
    try {
      XmlDocument document = XmlDocument.parse(octets);
      SignedInfo read = parse(document.root());
      boolean canonical = read.canonical().of(document.node()).equals(octets);
      return canonical ? Optional.of(read) : Optional.empty();
    } catch (ArtifactException _) {
      return Optional.empty(); // the question was only whether
    }
  }

  /**
   * Reads an element.
   *
   * @throws ArtifactException if it is none, or has more in it than this knows
   */
  public static SignedInfo parse(Element element) {
    List<Element> parts = parts(element, "SignedInfo", Set.of("Id"));
    if (parts.size() != 3) {
      throw XmlFault.malformed("A SignedInfo does not have exactly one reference");
    }
    Canonical canonical =
        Canonical.byUri(algorithm(parts.get(0), "CanonicalizationMethod"))
            .orElseThrow(() -> XmlFault.malformed("The CanonicalizationMethod is unknown"));
    SignatureAlgorithm algorithm =
        XmlAlgorithms.signature(algorithm(parts.get(1), "SignatureMethod"))
            .orElseThrow(() -> XmlFault.malformed("The SignatureMethod is unknown"));
    return new SignedInfo(canonical, algorithm, reference(parts.get(2)));
  }

  private static Reference reference(Element element) {
    List<Element> parts = parts(element, "Reference", Set.of("Id", "URI", "Type"));
    String uri =
        Elements.attribute(element, "URI")
            .orElseThrow(() -> XmlFault.malformed("A reference has no URI"));
    List<String> transforms = List.of();
    if (parts.size() == 3) {
      transforms =
          parts(parts.getFirst(), "Transforms", Set.of()).stream()
              .map(t -> algorithm(t, "Transform"))
              .toList();
    } else if (parts.size() != 2) {
      throw XmlFault.malformed("A reference has neither two nor three parts");
    }
    Digest digest = digest(parts.get(parts.size() - 2), parts.getLast());
    return new Reference(uri, element.getAttributeNS(null, "Type"), transforms, digest);
  }

  /**
   * Reads a DigestMethod and its DigestValue.
   *
   * @throws ArtifactException if they are none or do not fit together
   */
  public static Digest digest(Element method, Element value) {
    DigestAlgorithm algorithm =
        XmlAlgorithms.digest(algorithm(method, "DigestMethod"))
            .orElseThrow(() -> XmlFault.malformed("A DigestMethod is unknown"));
    require(value, "DigestValue", Set.of());
    Bytes octets = XmlText.base64(value);
    if (octets.size() != algorithm.length()) {
      throw XmlFault.malformed("A DigestValue has not the length of its DigestMethod");
    }
    return new Digest(algorithm, octets);
  }

  private static String algorithm(Element element, String name) {
    if (!parts(element, name, Set.of("Algorithm")).isEmpty()) {
      throw XmlFault.malformed(name + " has parameters");
    }
    return element.getAttributeNS(null, "Algorithm");
  }

  private static List<Element> parts(Element element, String name, Set<String> attributes) {
    require(element, name, attributes);
    if (Elements.hasText(element)) {
      throw XmlFault.malformed("There is text in " + name);
    }
    return Elements.children(element);
  }

  private static void require(Element element, String name, Set<String> attributes) {
    if (!Elements.is(element, DSIG, name)) {
      throw XmlFault.malformed(
          "There is a %s in place of a %s".formatted(element.getNodeName(), name));
    }
    for (Attr attribute : Elements.attributes(element)) {
      if (attribute.getNamespaceURI() != null || !attributes.contains(attribute.getName())) {
        throw XmlFault.malformed(name + " has the attribute " + attribute.getName());
      }
    }
  }
}
