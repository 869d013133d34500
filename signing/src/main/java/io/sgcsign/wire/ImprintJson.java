// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.wire;

import io.sgcsign.signature.Imprint;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** {@link Imprint} on the wire. */
public final class ImprintJson {
  private static final List<String> MEMBERS =
      List.of("format", "kind", "digest", "artifact", "signer", "parts", "facts");

  /** Parts of one imprint; page hashes travel as one. */
  private static final int MAX_PARTS = 100_000;

  private ImprintJson() {}

  public static void write(JsonGenerator json, Imprint imprint) {
    json.writeStartObject();
    json.writeStringProperty("format", imprint.format());
    json.writeStringProperty("kind", imprint.kind());
    json.writeStringProperty("digest", imprint.digest().toString());
    json.writeStringProperty("artifact", imprint.artifact().toString());
    json.writeStringProperty("signer", imprint.signer().toString());
    if (!imprint.parts().isEmpty()) {
      json.writeArrayPropertyStart("parts");
      for (Imprint.NamedDigest part : imprint.parts()) {
        json.writeStartObject();
        json.writeStringProperty("name", part.name());
        json.writeStringProperty("digest", part.digest().toString());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    if (!imprint.facts().isEmpty()) {
      json.writeObjectPropertyStart("facts");
      imprint.facts().forEach(json::writeStringProperty);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /**
   * Reads an imprint.
   *
   * @throws WireException naming the member that is wrong
   */
  public static Imprint read(Members json) {
    json.onlyKnown(MEMBERS);
    List<Members> parts = json.objects("parts");
    if (parts.size() > MAX_PARTS) {
      throw new WireException(json.pointer() + "/parts has more than " + MAX_PARTS + " items");
    }
    return new Imprint(
        json.text("format"),
        json.text("kind"),
        json.digest("digest"),
        json.digest("artifact"),
        json.digest("signer"),
        parts.stream()
            .map(p -> new Imprint.NamedDigest(p.text("name"), p.digest("digest")))
            .toList(),
        json.textMap("facts"));
  }
}
