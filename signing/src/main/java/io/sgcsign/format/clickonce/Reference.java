// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import static io.sgcsign.format.clickonce.Namespaces.ASM1;
import static io.sgcsign.format.clickonce.Namespaces.ASM2;
import static io.sgcsign.layout.xml.XmlAlgorithms.DSIG;

import io.sgcsign.layout.xml.Elements;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.layout.xml.XmlEdit;
import io.sgcsign.pki.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/**
 * A file a manifest speaks of: {@code file} or {@code dependentAssembly} with a size and a hash.
 *
 * @param path as written, with forward slashes
 * @param identity the assemblyIdentity of an assembly; of a file the element itself
 * @param method the DigestMethod of its hash
 * @param value the DigestValue of its hash
 */
record Reference(Element element, String path, Element identity, Element method, Element value) {
  private static final String IDENTITY_TRANSFORM =
      "urn:schemas-microsoft-com:HashTransforms.Identity";

  /** The application manifest a deployment manifest deploys. */
  static Optional<Reference> deployed(Manifest deployment) {
    return all(deployment).stream().filter(r -> !r.file()).findFirst();
  }

  /** All files of a manifest that have a hash; others are not installed with it, or not checked. */
  static List<Reference> all(Manifest manifest) {
    var out = new ArrayList<Reference>();
    Element root = manifest.document().root();
    for (Element dependency : Elements.children(root, ASM2, "dependency")) {
      for (Element assembly : Elements.children(dependency, ASM2, "dependentAssembly")) {
        String codebase = assembly.getAttributeNS(null, "codebase");
        if (!codebase.isEmpty()) {
          of(assembly, codebase).ifPresent(out::add);
        }
      }
    }
    for (Element file : Elements.children(root, ASM2, "file")) {
      of(file, file.getAttributeNS(null, "name")).ifPresent(out::add);
    }
    return out;
  }

  private static Optional<Reference> of(Element element, String path) {
    Optional<Element> hash = Elements.child(element, ASM2, "hash");
    if (hash.isEmpty()) {
      return Optional.empty();
    }
    for (Element transforms : Elements.children(hash.get(), DSIG, "Transforms")) {
      for (Element transform : Elements.children(transforms)) {
        if (!transform.getAttributeNS(null, "Algorithm").equals(IDENTITY_TRANSFORM)) {
          throw Manifest.malformed("The hash of " + path + " is of another form than the file's");
        }
      }
    }
    Element method = part(hash.get(), path, "DigestMethod");
    Element value = part(hash.get(), path, "DigestValue");
    Element identity =
        Elements.child(element, ASM2, "assemblyIdentity")
            .or(() -> Elements.child(element, ASM1, "assemblyIdentity"))
            .orElse(element);
    return Optional.of(new Reference(element, path.replace('\\', '/'), identity, method, value));
  }

  private static Element part(Element hash, String path, String name) {
    return Elements.child(hash, DSIG, name)
        .orElseThrow(() -> Manifest.malformed("The hash of " + path + " has no " + name));
  }

  boolean file() {
    return identity.isSameNode(element);
  }

  /** What the manifest says the file's digest is. */
  Digest digest() {
    return SignedInfo.digest(method, value);
  }

  /** Whether it is this one, named as ClickOnce does. */
  boolean says(Digest digest) {
    return digest().equals(digest);
  }

  /** What the manifest says the file's size is; empty: nothing. */
  String size() {
    return element.getAttributeNS(null, "size");
  }

  /** Writes what the file is. */
  void refresh(XmlEdit edit, long size, Digest digest, String digestUri) {
    edit.attribute(element, "size", Long.toString(size));
    edit.attribute(method, "Algorithm", digestUri);
    edit.text(value, digest.value().toBase64());
  }
}
