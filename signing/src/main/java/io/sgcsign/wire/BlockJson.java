// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.wire;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.signature.SignatureBlock;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** {@link SignatureBlock} on the wire: {@code {type, data, …}}. */
public final class BlockJson {
  private BlockJson() {}

  public static void write(JsonGenerator json, SignatureBlock block) {
    json.writeStartObject();
    switch (block) {
      case SignatureBlock.Cms(Bytes der) -> {
        json.writeStringProperty("type", "cms");
        json.writeStringProperty("data", der.toBase64());
      }
      case SignatureBlock.Xml(Bytes value, Optional<Bytes> token) -> {
        json.writeStringProperty("type", "xml");
        json.writeStringProperty("data", value.toBase64());
        token.ifPresent(t -> json.writeStringProperty("token", t.toBase64()));
      }
      case SignatureBlock.Value(Bytes value, List<Bytes> chain) -> {
        json.writeStringProperty("type", "value");
        json.writeStringProperty("data", value.toBase64());
        json.writeArrayPropertyStart("chain");
        chain.forEach(c -> json.writeString(c.toBase64()));
        json.writeEndArray();
      }
    }
    json.writeEndObject();
  }

  /**
   * Reads a block.
   *
   * @throws WireException naming the member that is wrong
   */
  public static SignatureBlock read(Members json) {
    return switch (json.text("type")) {
      case "cms" -> new SignatureBlock.Cms(json.base64("data"));
      case "xml" ->
          new SignatureBlock.Xml(
              json.base64("data"), json.optionalText("token").map(_ -> json.base64("token")));
      case "value" ->
          new SignatureBlock.Value(
              json.base64("data"), json.texts("chain").stream().map(Bytes::fromBase64).toList());
      default -> throw json.wrong("type", "cms, xml or value");
    };
  }
}
