// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.json;

import io.sgcsign.json.JsonValue.Location;
import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** Reads and writes JSON text. */
public final class Json {
  /** Nesting no message of ours reaches. */
  private static final int MAX_DEPTH = 32;

  /** Characters of one string: a base64 block of 16 MiB fits. */
  private static final int MAX_TEXT = 24 * 1024 * 1024;

  /** Bytes to begin with: a signature with its chain seldom takes more. */
  private static final int ANSWER_SIZE = 8 * 1024;

  /** Digits before or behind the point: a double fits. 1e999999999 is a bomb once written out. */
  private static final int MAX_SCALE = 400;

  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxStringLength(MAX_TEXT)
          .maxNumberLength(64)
          .maxNameLength(1024)
          .build();
  private static final JsonFactory STRICT =
      JsonFactory.builder().streamReadConstraints(LIMITS).build();
  private static final JsonFactory COMMENTED =
      JsonFactory.builder()
          .streamReadConstraints(LIMITS)
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .build();

  private Json() {}

  /**
   * Reads one value.
   *
   * @throws JsonException if it is not exactly one JSON value
   */
  public static JsonValue parse(String text) {
    return parse(STRICT, text);
  }

  /** As {@link #parse}, but {@code //} and block comments are skipped. */
  public static JsonValue parseCommented(String text) {
    return parse(COMMENTED, text);
  }

  /** Writes what {@code body} generates. */
  public static String write(Consumer<JsonGenerator> body) {
    var out = new StringWriter();
    try (var generator = STRICT.createGenerator(ObjectWriteContext.empty(), out)) {
      body.accept(generator);
    }
    return out.toString();
  }

  /** As {@link #write}, in UTF-8. */
  public static byte[] writeUtf8(Consumer<JsonGenerator> body) {
    var out = new ByteArrayOutputStream(ANSWER_SIZE);
    try (var generator = STRICT.createGenerator(ObjectWriteContext.empty(), out)) {
      body.accept(generator);
    }
    return out.toByteArray();
  }

  /** As {@link #write}, indented for people. */
  public static String pretty(Consumer<JsonGenerator> body) {
    var text = new StringBuilder();
    indent(text, parse(write(body)), "\n");
    return text.toString();
  }

  private static void indent(StringBuilder out, JsonValue value, String line) {
    String inner = line + "  ";
    switch (value) {
      case JsonValue.Obj object when !object.members().isEmpty() -> {
        String before = "{";
        for (var member : object.members().entrySet()) {
          out.append(before).append(inner).append(write(j -> j.writeString(member.getKey())));
          indent(out.append(": "), member.getValue(), inner);
          before = ",";
        }
        out.append(line).append('}');
      }
      case JsonValue.Arr array when !array.items().isEmpty() -> {
        String before = "[";
        for (JsonValue item : array.items()) {
          indent(out.append(before).append(inner), item, inner);
          before = ",";
        }
        out.append(line).append(']');
      }
      case JsonValue.Obj _ -> out.append("{}");
      case JsonValue.Arr _ -> out.append("[]");
      case JsonValue.Text text -> out.append(write(j -> j.writeString(text.value())));
      case JsonValue.Num number -> out.append(number.value().toPlainString());
      case JsonValue.Bool bool -> out.append(bool.value());
      case JsonValue.Null _ -> out.append("null");
    }
  }

  private static JsonValue parse(JsonFactory factory, String text) {
    try (var parser = factory.createParser(ObjectReadContext.empty(), text)) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw new JsonException("The text is empty", 1, 1);
      }
      JsonValue value = value(parser, token);
      if (parser.nextToken() != null) {
        Location at = at(parser);
        throw new JsonException("More text after the value", at.line(), at.column());
      }
      return value;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw new JsonException(
          e.getOriginalMessage(),
          at == null ? 1 : Math.max(at.getLineNr(), 1),
          at == null ? 1 : Math.max(at.getColumnNr(), 1));
    }
  }

  private static JsonValue value(JsonParser parser, JsonToken token) {
    Location at = at(parser);
    return switch (token) {
      case START_OBJECT -> object(parser, at);
      case START_ARRAY -> array(parser, at);
      case VALUE_STRING -> new JsonValue.Text(at, parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue.Num(at, number(parser, at));
      case VALUE_TRUE -> new JsonValue.Bool(at, true);
      case VALUE_FALSE -> new JsonValue.Bool(at, false);
      case VALUE_NULL -> new JsonValue.Null(at);
      default -> throw new JsonException("Unexpected " + token, at.line(), at.column());
    };
  }

  private static BigDecimal number(JsonParser parser, Location at) {
    try {
      BigDecimal value = parser.getDecimalValue();
      if (Math.abs((long) value.scale()) <= MAX_SCALE) {
        return value;
      }
    } catch (NumberFormatException e) { // an exponent that BigDecimal cannot hold
      throw outOfRange(at);
    }
    throw outOfRange(at);
  }

  private static JsonException outOfRange(Location at) {
    return new JsonException("The number is out of range", at.line(), at.column());
  }

  private static JsonValue.Obj object(JsonParser parser, Location at) {
    var members = new LinkedHashMap<String, JsonValue>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      Location nameAt = at(parser);
      if (members.containsKey(name)) {
        throw new JsonException(
            "\"" + name + "\" stands twice in one object", nameAt.line(), nameAt.column());
      }
      members.put(name, value(parser, parser.nextToken()));
    }
    return new JsonValue.Obj(at, members);
  }

  private static JsonValue.Arr array(JsonParser parser, Location at) {
    var items = new ArrayList<JsonValue>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      items.add(value(parser, t));
    }
    return new JsonValue.Arr(at, items);
  }

  private static Location at(JsonParser parser) {
    var location = parser.currentTokenLocation();
    return new Location(location.getLineNr(), location.getColumnNr());
  }
}
