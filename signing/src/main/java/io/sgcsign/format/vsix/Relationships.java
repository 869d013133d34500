// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.Elements;
import io.sgcsign.layout.xml.XmlDocument;
import io.sgcsign.layout.xml.XmlEdit;
import io.sgcsign.pki.Digest;
import java.util.List;
import java.util.Locale;
import org.w3c.dom.Element;

/** A part that relates others (ECMA-376-2 §6.5.3). */
record Relationships(XmlDocument document) {
  private static final int ID_LENGTH = 8;

  static Relationships parse(Bytes content) {
    XmlDocument document = XmlDocument.parse(content);
    if (!Elements.is(document.root(), Opc.RELATIONSHIPS_NS, "Relationships")) {
      throw VsixPackage.malformed("A .rels part has no relationships");
    }
    return new Relationships(document);
  }

  /** A part with one relationship. */
  static Bytes single(String type, String target) {
    return Bytes.utf8(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Relationships xmlns=\"%s\">%s</Relationships>"
            .formatted(Opc.RELATIONSHIPS_NS, relationship("", type, target)));
  }

  private static String relationship(String prefix, String type, String target) {
    String id = Digest.sha256(Bytes.utf8(target)).value().toHex().substring(0, ID_LENGTH);
    return "<%sRelationship Type=\"%s\" Target=\"%s\" Id=\"R%s\"/>"
        .formatted(prefix, type, target, id.toUpperCase(Locale.ROOT));
  }

  List<Element> all() {
    return Elements.children(document.root(), Opc.RELATIONSHIPS_NS, "Relationship");
  }

  private List<Element> of(String type) {
    return all().stream().filter(r -> r.getAttributeNS(null, "Type").equals(type)).toList();
  }

  /** Targets of relationships of a type, absolute. */
  List<String> targets(String type) {
    return of(type).stream().map(r -> r.getAttributeNS(null, "Target")).toList();
  }

  /** With one relationship of a type in place of all it has. */
  Bytes with(String type, String target) {
    XmlEdit edit = document.edit();
    of(type).forEach(edit::remove);
    String prefix = document.root().getPrefix();
    edit.append(document.root(), relationship(prefix == null ? "" : prefix + ":", type, target));
    return VsixPackage.apply(document, edit);
  }

  Bytes without(String type) {
    XmlEdit edit = document.edit();
    of(type).forEach(edit::remove);
    return VsixPackage.apply(document, edit);
  }

  boolean onlyOf(String type) {
    return of(type).size() == all().size();
  }
}
