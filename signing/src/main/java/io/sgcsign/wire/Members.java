// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.wire;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.pki.Digest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Reads the members of a message and says which one is wrong.
 *
 * @param pointer where the object stands in the message
 */
public record Members(JsonValue.Obj object, String pointer) {

  public String text(String name) {
    return optionalText(name).orElseThrow(() -> wrong(name, "a text"));
  }

  public Optional<String> optionalText(String name) {
    Optional<JsonValue> value = object.get(name).filter(v -> !(v instanceof JsonValue.Null));
    if (value.isPresent() && !(value.get() instanceof JsonValue.Text)) {
      throw wrong(name, "a text");
    }
    return object.text(name);
  }

  public long integer(String name) {
    return object.integer(name).orElseThrow(() -> wrong(name, "an integer"));
  }

  public Digest digest(String name) {
    return parsed(name, "a digest such as sha256:<hex>", Digest::parse);
  }

  public Bytes base64(String name) {
    return parsed(name, "base64", Bytes::fromBase64);
  }

  public Instant time(String name) {
    return parsed(name, "a time such as 2026-11-21T00:00:00Z", Instant::parse);
  }

  /** Converts a text; any {@code IllegalArgumentException} means it is wrong. */
  public <T> T parsed(String name, String expected, Function<String, T> parse) {
    try {
      return parse.apply(text(name));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw wrong(name, expected);
    }
  }

  public Members object(String name) {
    return optionalObject(name).orElseThrow(() -> wrong(name, "an object"));
  }

  public Optional<Members> optionalObject(String name) {
    return object.object(name).map(o -> new Members(o, pointer + "/" + name));
  }

  /** The objects of an array; none if it is left out. */
  public List<Members> objects(String name) {
    List<JsonValue> items = object.items(name);
    return IntStream.range(0, items.size())
        .mapToObj(i -> object(items.get(i), pointer + "/" + name + "/" + i))
        .toList();
  }

  /** The texts of an array; none if it is left out. */
  public List<String> texts(String name) {
    return object.items(name).stream()
        .map(v -> v instanceof JsonValue.Text t ? t.value() : fail(name))
        .toList();
  }

  /** An object of texts; empty if it is left out. */
  public SortedMap<String, String> textMap(String name) {
    var out = new TreeMap<String, String>();
    object
        .object(name)
        .ifPresent(o ->
            o.members()
                .forEach(
                    (k, v) -> out.put(k, v instanceof JsonValue.Text t ? t.value() : fail(name))));
    return out;
  }

  /** Refuses members that are not in {@code known}. */
  public void onlyKnown(List<String> known) {
    for (String name : object.members().keySet()) {
      if (!known.contains(name)) {
        throw new WireException(pointer + "/" + name + " is unknown; known are " + known);
      }
    }
  }

  public WireException wrong(String name, String expected) {
    return new WireException(
        pointer
            + "/"
            + name
            + (object.get(name).isEmpty() ? " is missing: " : " must be ")
            + expected);
  }

  private String fail(String name) {
    throw wrong(name, "texts");
  }

  private static Members object(JsonValue value, String pointer) {
    if (value instanceof JsonValue.Obj object) {
      return new Members(object, pointer);
    }
    throw new WireException(pointer + " must be an object");
  }
}
