// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.Elements;
import io.sgcsign.layout.xml.XmlDocument;
import io.sgcsign.layout.xml.XmlText;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;

/**
 * Chooses relationships and puts them in order (ECMA-376-2 §13.2.4.24).
 *
 * @param ids SourceId of RelationshipReference
 * @param types SourceType of RelationshipsGroupReference
 */
record RelationshipTransform(Set<String> ids, Set<String> types) {
  static RelationshipTransform of(Element transform) {
    var ids = new HashSet<String>();
    var types = new HashSet<String>();
    for (Element child : Elements.children(transform)) {
      if (Elements.is(child, Opc.SIGNATURE_NS, "RelationshipReference")) {
        ids.add(child.getAttributeNS(null, "SourceId"));
      } else if (Elements.is(child, Opc.SIGNATURE_NS, "RelationshipsGroupReference")) {
        types.add(child.getAttributeNS(null, "SourceType"));
      } else {
        throw VsixPackage.malformed("A relationship transform has " + child.getNodeName());
      }
    }
    return new RelationshipTransform(Set.copyOf(ids), Set.copyOf(types));
  }

  private boolean chooses(Element relationship) {
    return ids.contains(relationship.getAttributeNS(null, "Id"))
        || types.contains(relationship.getAttributeNS(null, "Type"));
  }

  /** The chosen ones by Id, each with a TargetMode, and nothing between them. */
  XmlDocument apply(Relationships relationships) {
    String chosen =
        relationships.all().stream()
            .filter(this::chooses)
            .sorted(Comparator.comparing(r -> r.getAttributeNS(null, "Id")))
            .map(RelationshipTransform::written)
            .collect(Collectors.joining());
    return XmlDocument.parse(
        Bytes.utf8(
            "<Relationships xmlns=\"%s\">%s</Relationships>"
                .formatted(Opc.RELATIONSHIPS_NS, chosen)));
  }

  private static String written(Element relationship) {
    var attributes = new TreeMap<String, String>();
    attributes.put("TargetMode", "Internal");
    for (Attr attribute : Elements.attributes(relationship)) {
      attributes.put(attribute.getName(), attribute.getValue());
    }
    return attributes.entrySet().stream()
        .map(a -> " " + a.getKey() + "=\"" + XmlText.escape(a.getValue()) + "\"")
        .collect(Collectors.joining("", "<Relationship", "></Relationship>"));
  }

  /** A relationship that is not chosen and has nothing to do with signatures. */
  Optional<String> leftOut(Relationships relationships) {
    return relationships.all().stream()
        .filter(r -> !chooses(r))
        .map(r -> r.getAttributeNS(null, "Type"))
        .filter(type -> !type.equals(Opc.ORIGIN_TYPE) && !type.equals(Opc.SIGNATURE_PART_TYPE))
        .findFirst();
  }
}
