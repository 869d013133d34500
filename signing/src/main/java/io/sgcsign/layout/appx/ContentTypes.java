// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.appx;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.XmlElement;
import io.sgcsign.layout.xml.XmlWalk;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code [Content_Types].xml} (ECMA-376-2 §7.2): without a type for a part, Windows takes no
 * package.
 *
 * @param document as it stands there
 * @param defaults by extension, in small letters
 * @param overrides by part name, in small letters
 */
record ContentTypes(Bytes document, Map<String, String> defaults, Map<String, String> overrides) {
  static final String ENTRY = "[Content_Types].xml";
  private static final String NAMESPACE =
      "http://schemas.openxmlformats.org/package/2006/content-types";
  private static final String SIGNATURE_PART = "/" + AppxPackage.SIGNATURE;
  private static final String SIGNATURE_TYPE = "application/vnd.ms-appx.signature";
  private static final String END = "</Types>";

  /** As signtool writes it. */
  private static final String SIGNATURE_OVERRIDE =
      "<Override PartName=\"%s\" ContentType=\"%s\"/>".formatted(SIGNATURE_PART, SIGNATURE_TYPE);

  ContentTypes {
    defaults = Map.copyOf(defaults);
    overrides = Map.copyOf(overrides);
  }

  static ContentTypes parse(Bytes document) {
    Map<String, String> defaults = new HashMap<>();
    Map<String, String> overrides = new HashMap<>();
    XmlWalk.of(
        document,
        ENTRY,
        element -> {
          if (!element.namespace().equals(NAMESPACE)) {
            throw AppxFault.malformed(ENTRY + " has the element " + element.path());
          }
          switch (element.path()) {
            case "/Types" -> {
              // only holds the others
            }
            case "/Types/Default" -> put(defaults, element, "Extension");
            case "/Types/Override" -> put(overrides, element, "PartName");
            default -> throw AppxFault.malformed(ENTRY + " has the element " + element.path());
          }
        });
    return new ContentTypes(document, defaults, overrides);
  }

  private static void put(Map<String, String> types, XmlElement element, String attribute) {
    Optional<String> key = element.attribute(attribute);
    Optional<String> type = element.attribute("ContentType");
    if (key.isEmpty() || type.isEmpty()) {
      throw AppxFault.malformed(ENTRY + " has an entry without " + attribute + " or ContentType");
    }
    if (types.put(key.get().toLowerCase(Locale.ROOT), type.get()) != null) {
      throw AppxFault.malformed(ENTRY + " has two types for " + key.get());
    }
  }

  /** The type of an entry. */
  Optional<String> type(String entry) {
    String part = "/" + entry.toLowerCase(Locale.ROOT);
    String file = part.substring(part.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return Optional.ofNullable(overrides.get(part))
        .or(() ->
            dot < 0
                ? Optional.empty()
                : Optional.ofNullable(defaults.get(file.substring(dot + 1))));
  }

  /** Whether a signature would have the right type. */
  boolean knowsSignature() {
    Optional<String> type = type(AppxPackage.SIGNATURE);
    if (type.isPresent() && !type.get().equals(SIGNATURE_TYPE)) {
      throw AppxFault.malformed(
          "%s says that a signature is %s, not %s".formatted(ENTRY, type.get(), SIGNATURE_TYPE));
    }
    return type.isPresent();
  }

  /** The document that knows what a signature is. */
  Bytes withSignature() {
    if (knowsSignature()) {
      return document;
    }
    String text = text();
    int end = text.lastIndexOf(END);
    if (end < 0) {
      throw AppxFault.malformed(ENTRY + " does not end with " + END);
    }
    Bytes out = Bytes.utf8(text.substring(0, end) + SIGNATURE_OVERRIDE + text.substring(end));
    if (!parse(out).knowsSignature()) {
      throw AppxFault.malformed(ENTRY + " cannot be told what a signature is");
    }
    return out;
  }

  /** The document without what {@link #withSignature} or signtool put there. */
  Bytes withoutSignature() {
    String text = text();
    return text.contains(SIGNATURE_OVERRIDE)
        ? Bytes.utf8(text.replace(SIGNATURE_OVERRIDE, ""))
        : document;
  }

  private String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(document.asBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw AppxFault.malformed(ENTRY + " is not UTF-8");
    }
  }
}
