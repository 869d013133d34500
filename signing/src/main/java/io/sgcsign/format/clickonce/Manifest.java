// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import static io.sgcsign.format.clickonce.Namespaces.ASM1;
import static io.sgcsign.format.clickonce.Namespaces.ASM2;
import static io.sgcsign.layout.xml.XmlAlgorithms.DSIG;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.Canonical;
import io.sgcsign.layout.xml.Elements;
import io.sgcsign.layout.xml.XmlDocument;
import io.sgcsign.layout.xml.XmlEdit;
import io.sgcsign.layout.xml.XmlText;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;

/**
 * An application or deployment manifest ([MS-CLICKONCE] "ClickOnce Application/Deployment
 * Manifest").
 *
 * @param identity the assemblyIdentity right below the root
 * @param deployment whether it deploys another manifest; else it describes an application
 */
record Manifest(XmlDocument document, Element identity, boolean deployment) {
  private static final String TOKEN = "publicKeyToken";

  /** Bytes of the beginning that tell a manifest: declaration, comments, the root's tag. */
  private static final int HEAD = 4096;

  /** Whether it may be one, by the root's namespace; {@link #parse} knows. */
  static boolean begins(Artifact artifact) {
    if (artifact.size() == 0) {
      return false;
    }
    String head = artifact.read(0, (int) Math.min(HEAD, artifact.size())).toUtf8();
    String text = head.startsWith("\ufeff") ? head.substring(1) : head;
    return text.stripLeading().startsWith("<") && text.contains(ASM1);
  }

  static Manifest parse(Artifact artifact) {
    return of(XmlDocument.parse(artifact));
  }

  static Manifest parse(Bytes content) {
    return of(XmlDocument.parse(content));
  }

  private static Manifest of(XmlDocument document) {
    Element root = document.root();
    boolean deploys = !Elements.children(root, ASM2, "deployment").isEmpty();
    boolean describes =
        !Elements.children(root, ASM2, "entryPoint").isEmpty()
            || !Elements.children(root, ASM2, "application").isEmpty();
    if (!Elements.is(root, ASM1, "assembly") || !(deploys || describes)) {
      throw new ArtifactException(
          "SGC-ARTIFACT-UNRECOGNISED",
          "The document is neither a deployment manifest nor one with an entryPoint",
          "Sign what Visual Studio or mage publishes; side-by-side manifests are signed as part of"
              + " their program.");
    }
    Element identity =
        Elements.child(root, ASM1, "assemblyIdentity")
            .orElseThrow(() -> malformed("There is not one assemblyIdentity below the root"));
    if (identity.getAttributeNS(null, TOKEN).isEmpty()) {
      throw malformed("The assemblyIdentity below the root has no publicKeyToken");
    }
    document.requireUniqueIds(e -> DSIG.equals(e.getNamespaceURI()));
    return new Manifest(document, identity, deploys);
  }

  static ArtifactException malformed(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED", message, "Publish the application again with its build tool.");
  }

  String kind() {
    return deployment ? "application" : "manifest";
  }

  /** Every XML signature in the document, wherever it is. */
  private List<Element> signatures() {
    return document.elements().stream().filter(e -> Elements.is(e, DSIG, "Signature")).toList();
  }

  boolean signed() {
    return !signatures().isEmpty();
  }

  /**
   * The signature of the document: the last element below the root.
   *
   * @throws ArtifactException if there are others than this one and the one in its licence
   */
  Optional<Element> signature() {
    List<Element> all = signatures();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Element last = Elements.children(document.root()).getLast();
    if (!last.isSameNode(all.getFirst()) || all.size() > 2) {
      throw malformed("A signature stands where no reader of manifests looks for it");
    }
    return Optional.of(last);
  }

  /** The attributes of the identity. */
  SortedMap<String, String> identityAttributes() {
    return attributes(identity);
  }

  static SortedMap<String, String> attributes(Element element) {
    var out = new TreeMap<String, String>();
    for (Attr attribute : Elements.attributes(element)) {
      out.put(attribute.getName(), attribute.getValue());
    }
    return out;
  }

  String token() {
    return identity.getAttributeNS(null, TOKEN);
  }

  /** The digest of everything but the signature. */
  Digest digest(DigestAlgorithm algorithm) {
    Bytes octets =
        signature()
            .map(s -> Canonical.EXCLUSIVE.without(document.node(), s))
            .orElseGet(() -> Canonical.EXCLUSIVE.of(document.node()));
    return Digest.of(algorithm, octets);
  }

  /** The manifest as it was before anybody signed it. */
  Patch strip() {
    return stripped(StrongName.NO_TOKEN).patch();
  }

  /** The manifest with everything the signature covers: token and publisher. */
  Patch prepare(Publisher publisher) {
    return stripped(publisher.token())
        .append(
            document.root(),
            "<publisherIdentity name=\"%s\" issuerKeyHash=\"%s\" xmlns=\"%s\"/>"
                .formatted(XmlText.escape(publisher.name()), publisher.issuerKeyHash(), ASM2))
        .patch();
  }

  private XmlEdit stripped(String token) {
    XmlEdit edit = document.edit();
    signature().ifPresent(edit::remove);
    Elements.children(document.root(), ASM2, "publisherIdentity").forEach(edit::remove);
    return edit.attribute(identity, TOKEN, token);
  }

  /** The manifest with its signature. */
  Patch sign(String signature) {
    return document.edit().append(document.root(), signature).patch();
  }

  /** What it says of itself, for people. */
  String summary() {
    String self = name(identity);
    if (!deployment) {
      return "application manifest " + self;
    }
    String deployed = Reference.deployed(this).map(r -> name(r.identity())).orElse("nothing");
    return "deployment manifest " + self + " of " + deployed;
  }

  /** What it says of itself, for reports. */
  SortedMap<String, String> facts() {
    var out = new TreeMap<String, String>();
    out.put("name", identity.getAttributeNS(null, "name"));
    out.put("version", identity.getAttributeNS(null, "version"));
    out.put("public_key_token", token());
    if (deployment) {
      Reference.deployed(this).ifPresent(r -> out.put("application", name(r.identity())));
    }
    return out;
  }

  private static String name(Element identity) {
    return "%s %s (publicKeyToken %s)"
        .formatted(
            identity.getAttributeNS(null, "name"),
            identity.getAttributeNS(null, "version"),
            identity.getAttributeNS(null, TOKEN));
  }
}
