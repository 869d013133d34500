// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.Elements;
import io.sgcsign.layout.xml.XmlDocument;
import io.sgcsign.layout.xml.XmlEdit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.w3c.dom.Element;

/** The part that says what kind each part is of (ECMA-376-2 §7.2.3). */
record ContentTypes(
    XmlDocument document, Map<String, String> defaults, Map<String, String> overrides) {
  /** What is not said anywhere, as VSIXSignTool takes it. */
  private static final String UNKNOWN = "application/octet-stream";

  /** Types without parameters: others cannot stand in a reference. */
  private static final Pattern TYPE = Pattern.compile("[\\w!#$^.+-]+/[\\w!#$^.+-]+");

  static ContentTypes parse(Bytes content) {
    XmlDocument document = XmlDocument.parse(content);
    if (!Elements.is(document.root(), Opc.TYPES_NS, "Types")) {
      throw VsixPackage.malformed(Opc.TYPES_PART + " has no content types");
    }
    var defaults = new HashMap<String, String>();
    var overrides = new HashMap<String, String>();
    for (Element element : Elements.children(document.root())) {
      boolean override = element.getLocalName().equals("Override");
      String key = element.getAttributeNS(null, override ? "PartName" : "Extension");
      String type = element.getAttributeNS(null, "ContentType");
      if (!TYPE.matcher(type).matches()) {
        throw VsixPackage.malformed("The content type \"%s\" is not signable".formatted(type));
      }
      if ((override ? overrides : defaults).put(key.toLowerCase(Locale.ROOT), type) != null) {
        throw VsixPackage.malformed("There are two content types for " + key);
      }
    }
    return new ContentTypes(document, Map.copyOf(defaults), Map.copyOf(overrides));
  }

  /** The content type of a part, named from the root on. */
  String of(String part) {
    String name = part.toLowerCase(Locale.ROOT);
    String extension = name.substring(name.lastIndexOf('.') + 1);
    return overrides.getOrDefault(name, defaults.getOrDefault(extension, UNKNOWN));
  }

  /** With the types of signatures. */
  Bytes signed() {
    var missing = new StringBuilder();
    add(missing, "rels", Opc.RELATIONSHIPS_CONTENT);
    add(missing, "psdor", Opc.ORIGIN_CONTENT);
    add(missing, "psdsxs", Opc.SIGNATURE_CONTENT);
    XmlEdit edit = document.edit();
    if (!missing.isEmpty()) {
      edit.append(document.root(), missing.toString());
    }
    return VsixPackage.apply(document, edit);
  }

  private void add(StringBuilder out, String extension, String type) {
    if (!defaults.containsKey(extension)) {
      String prefix = document.root().getPrefix();
      out.append("<")
          .append(prefix == null ? "" : prefix + ":")
          .append("Default Extension=\"%s\" ContentType=\"%s\"/>".formatted(extension, type));
    }
  }

  /**
   * Without the types of signatures.
   *
   * @param others further extensions that no part has any more
   */
  Bytes unsigned(List<String> others) {
    XmlEdit edit = document.edit();
    for (Element element : Elements.children(document.root(), Opc.TYPES_NS, "Default")) {
      String extension = element.getAttributeNS(null, "Extension").toLowerCase(Locale.ROOT);
      if (extension.equals("psdor") || extension.equals("psdsxs") || others.contains(extension)) {
        edit.remove(element);
      }
    }
    for (Element element : Elements.children(document.root(), Opc.TYPES_NS, "Override")) {
      if (element.getAttributeNS(null, "PartName").startsWith("/" + Opc.SIGNATURES)) {
        edit.remove(element);
      }
    }
    return VsixPackage.apply(document, edit);
  }
}
