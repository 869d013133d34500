// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.tool.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Hostile JSON: what requests, answers and configurations are read with. */
public final class JsonFuzzTest implements FuzzTarget {
  /** Characters of a number that is written out. */
  private static final int MAX_NUMBER = 600;

  private static final JsonFuzzTest TARGET = new JsonFuzzTest();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  @Override
  public String read(Bytes input) {
    String text = new String(input.toArray(), StandardCharsets.UTF_8);
    String strict = strict(text);
    try {
      walk(Json.parseCommented(text));
      return strict.equals("json") ? strict : "commented";
    } catch (JsonException e) {
      assertThat(strict).isEqualTo("refused");
      return strict;
    }
  }

  private static String strict(String text) {
    try {
      JsonValue value = Json.parse(text);
      walk(value);
      return "json";
    } catch (JsonException e) {
      assertThat(e.at().line()).isPositive();
      assertThat(e.at().column()).isPositive();
      assertThat(e.getMessage()).isNotBlank();
      return "refused";
    }
  }

  private static void walk(JsonValue value) {
    assertThat(value.at().line()).isPositive();
    switch (value) {
      case JsonValue.Obj object ->
          object
              .members()
              .forEach((name, member) -> {
                var _ = object.integer(name);
                walk(member);
              });
      case JsonValue.Arr array -> array.items().forEach(JsonFuzzTest::walk);
      case JsonValue.Num number ->
          assertThat(number.value().toPlainString()).hasSizeLessThan(MAX_NUMBER);
      default -> assertThat(value).isNotNull();
    }
  }

  private static Seed seed(String name, String outcome, String text) {
    return new Seed(name, outcome, Bytes.utf8(text));
  }

  @Override
  public List<Seed> seeds() {
    return List.of(
        seed("object", "json", "{\"a\": [1, -2.5e3, true, null, \"\\u00e4\\n\"], \"b\": {}}"),
        seed("long", "json", "[9223372036854775807, 9223372036854775808]"),
        seed("huge exponents", "refused", "[1e999999999, 1e-999999999, {\"a\": -1E+2147483647}]"),
        seed("exponent of an exponent", "refused", "[1e944899990000]"),
        seed("doubles", "json", "[1.7976931348623157e308, -4.9e-324, 0e0]"),
        seed("comments", "commented", "// so\n{ /* and */ \"a\": 1 }"),
        seed("nothing", "refused", ""),
        seed("twice", "refused", "{\"a\": 1, \"a\": 2}"),
        seed("cut", "refused", "{\"a\": [1, "),
        seed("more", "refused", "{} {}"),
        seed("not a number", "refused", "NaN"),
        seed("long number", "refused", "1".repeat(1000)),
        seed("deep", "refused", "[".repeat(500)));
  }
}
