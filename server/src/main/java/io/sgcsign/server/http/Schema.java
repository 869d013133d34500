// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** A JSON Schema (2020-12), as much of it as our documents need. */
sealed interface Schema {
  void write(JsonGenerator json);

  /** An object with named properties. */
  record Obj(List<Property> properties, boolean open) implements Schema {
    public Obj {
      properties = List.copyOf(properties);
    }

    Obj with(String name, Schema schema, String description) {
      return add(new Property(name, schema, description, false));
    }

    Obj required(String name, Schema schema, String description) {
      return add(new Property(name, schema, description, true));
    }

    private Obj add(Property property) {
      var all = new ArrayList<>(properties);
      all.add(property);
      return new Obj(all, open);
    }

    @Override
    public void write(JsonGenerator json) {
      json.writeStringProperty("type", "object");
      json.writeObjectPropertyStart("properties");
      for (Property property : properties) {
        json.writeObjectPropertyStart(property.name());
        property.schema().write(json);
        json.writeStringProperty("description", property.description());
        json.writeEndObject();
      }
      json.writeEndObject();
      if (properties.stream().anyMatch(Property::required)) {
        json.writeArrayPropertyStart("required");
        properties.stream().filter(Property::required).forEach(p -> json.writeString(p.name()));
        json.writeEndArray();
      }
      if (!open) {
        json.writeBooleanProperty("additionalProperties", false);
      }
    }
  }

  /** A property of an object. */
  record Property(String name, Schema schema, String description, boolean required) {}

  /** An array. */
  record Items(Schema item) implements Schema {
    @Override
    public void write(JsonGenerator json) {
      json.writeStringProperty("type", "array");
      json.writeObjectPropertyStart("items");
      item.write(json);
      json.writeEndObject();
    }
  }

  /** A simple type with a format, an enumeration or nothing more. */
  record Simple(String type, String format, List<String> choices, String defaultValue)
      implements Schema {
    public Simple {
      choices = List.copyOf(choices);
    }

    @Override
    public void write(JsonGenerator json) {
      json.writeStringProperty("type", type);
      if (!format.isEmpty()) {
        json.writeStringProperty("format", format);
      }
      if (!choices.isEmpty()) {
        json.writeArrayPropertyStart("enum");
        choices.forEach(json::writeString);
        json.writeEndArray();
      }
      if (!defaultValue.isEmpty()) {
        json.writeStringProperty("default", defaultValue);
      }
    }
  }

  /** A schema of {@code components/schemas}. */
  record Ref(String name) implements Schema {
    @Override
    public void write(JsonGenerator json) {
      json.writeStringProperty("$ref", "#/components/schemas/" + name);
    }
  }

  static Obj object() {
    return new Obj(List.of(), true);
  }

  static Items items(Schema item) {
    return new Items(item);
  }

  static Simple text() {
    return new Simple("string", "", List.of(), "");
  }

  static Simple time() {
    return new Simple("string", "date-time", List.of(), "");
  }

  static Simple binary() {
    return new Simple("string", "binary", List.of(), "");
  }

  static Simple choice(List<String> choices, String defaultValue) {
    return new Simple("string", "", choices, defaultValue);
  }

  static Simple integer() {
    return new Simple("integer", "int64", List.of(), "");
  }

  static Simple flag() {
    return new Simple("boolean", "", List.of(), "");
  }
}
