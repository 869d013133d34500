// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import java.util.ArrayList;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON text into {@link Json}, strictly. */
final class JsonReader {
  /** Levels. Our own records nest four deep; what is deeper was not written by us. */
  static final int MAX_DEPTH = 32;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private JsonReader() {}

  static Json read(Bytes text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text.toArray())) {
      Json value = value(parser, parser.nextToken());
      if (parser.nextToken() != null) {
        throw new ProofException("Something follows the JSON value");
      }
      return value;
    } catch (JacksonException e) {
      throw new ProofException("Not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Json value(JsonParser parser, @Nullable JsonToken token) {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new Json.Text(parser.getString());
      case VALUE_NUMBER_INT -> new Json.Int(number(parser));
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> Json.Nil.NULL;
      case null, default -> throw new ProofException("Unexpected JSON token " + token);
    };
  }

  private static long number(JsonParser parser) {
    try {
      return parser.getLongValue();
    } catch (JacksonException e) {
      throw new ProofException("The number is beyond 2^53 - 1", e);
    }
  }

  private static Json object(JsonParser parser) {
    var members = new TreeMap<String, Json>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      members.put(name, value(parser, parser.nextToken()));
    }
    return new Json.Obj(members);
  }

  private static Json array(JsonParser parser) {
    var items = new ArrayList<Json>();
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      items.add(value(parser, token));
    }
    return new Json.Arr(items);
  }
}
