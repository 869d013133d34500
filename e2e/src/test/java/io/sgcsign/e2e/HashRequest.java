// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.json.Json;
import io.sgcsign.signature.Imprint;
import io.sgcsign.wire.ImprintJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** A body for {@code POST /api/v1/sign/authenticode/hash}. */
record HashRequest(
    String provider, Optional<String> timestamp, Map<String, String> options, List<Item> items) {

  /** An item of the batch. */
  record Item(
      String name, Optional<String> key, int ask, Optional<String> requestId, Imprint imprint) {

    static Item of(String name, Imprint imprint) {
      return new Item(name, Optional.empty(), 0, Optional.empty(), imprint);
    }

    Item keyed(String key) {
      return new Item(name, Optional.of(key), ask, requestId, imprint);
    }

    private void write(JsonGenerator json) {
      json.writeStartObject();
      json.writeStringProperty("name", name);
      key.ifPresent(k -> json.writeStringProperty("key", k));
      json.writeNumberProperty("ask", ask);
      requestId.ifPresent(r -> json.writeStringProperty("request_id", r));
      json.writeName("imprint");
      ImprintJson.write(json, imprint);
      json.writeEndObject();
    }
  }

  /** Without a time stamp. */
  static HashRequest unstamped(String provider, Map<String, String> options, List<Item> items) {
    return new HashRequest(provider, Optional.of("none"), options, items);
  }

  String json() {
    return Json.write(json -> {
      json.writeStartObject();
      json.writeStringProperty("provider", provider);
      timestamp.ifPresent(t -> json.writeStringProperty("timestamp", t));
      json.writeObjectPropertyStart("options");
      options.forEach(json::writeStringProperty);
      json.writeEndObject();
      json.writeArrayPropertyStart("items");
      items.forEach(i -> i.write(json));
      json.writeEndArray();
      json.writeEndObject();
    });
  }
}
