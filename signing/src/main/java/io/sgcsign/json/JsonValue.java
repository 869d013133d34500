// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.json;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value (RFC 8259) and where it stands in its text. */
public sealed interface JsonValue {
  Location at();

  /** Line and column, both from 1. */
  record Location(int line, int column) {
    @Override
    public String toString() {
      return line + ":" + column;
    }
  }

  /** An object; members keep their order, names are unique. */
  record Obj(Location at, Map<String, JsonValue> members) implements JsonValue {
    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    public Optional<JsonValue> get(String name) {
      return Optional.ofNullable(members.get(name));
    }

    /** The text of a member; empty if it is missing or no text. */
    public Optional<String> text(String name) {
      return members.get(name) instanceof Text text ? Optional.of(text.value()) : Optional.empty();
    }

    /** The integer of a member; empty if it is missing or no integer of 64 bits. */
    public Optional<Long> integer(String name) {
      return members.get(name) instanceof Num num ? num.asLong() : Optional.empty();
    }

    public boolean flag(String name) {
      return members.get(name) instanceof Bool bool && bool.value();
    }

    /** The items of an array member; none if it is missing or no array. */
    public List<JsonValue> items(String name) {
      return members.get(name) instanceof Arr arr ? arr.items() : List.of();
    }

    public Optional<Obj> object(String name) {
      return members.get(name) instanceof Obj obj ? Optional.of(obj) : Optional.empty();
    }
  }

  /** An array. */
  record Arr(Location at, List<JsonValue> items) implements JsonValue {
    public Arr {
      items = List.copyOf(items);
    }
  }

  /** A string. */
  record Text(Location at, String value) implements JsonValue {}

  /** A number. */
  record Num(Location at, BigDecimal value) implements JsonValue {
    public Optional<Long> asLong() {
      try {
        return Optional.of(value.longValueExact());
      } catch (ArithmeticException e) {
        return Optional.empty();
      }
    }
  }

  /** True or false. */
  record Bool(Location at, boolean value) implements JsonValue {}

  /** Null. */
  record Null(Location at) implements JsonValue {}
}
