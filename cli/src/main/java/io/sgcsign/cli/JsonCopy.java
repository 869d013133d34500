// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.json.JsonValue;
import tools.jackson.core.JsonGenerator;

/** Writes values that were read. */
final class JsonCopy {
  private JsonCopy() {}

  static void write(JsonGenerator json, JsonValue value) {
    switch (value) {
      case JsonValue.Obj object -> {
        json.writeStartObject();
        members(json, object);
        json.writeEndObject();
      }
      case JsonValue.Arr array -> {
        json.writeStartArray();
        array.items().forEach(item -> write(json, item));
        json.writeEndArray();
      }
      case JsonValue.Text text -> json.writeString(text.value());
      case JsonValue.Num number -> json.writeNumber(number.value());
      case JsonValue.Bool bool -> json.writeBoolean(bool.value());
      case JsonValue.Null _ -> json.writeNull();
    }
  }

  /** The members, into an object the caller opened. */
  static void members(JsonGenerator json, JsonValue.Obj object) {
    object
        .members()
        .forEach((name, value) -> {
          json.writeName(name);
          write(json, value);
        });
  }
}
