// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A JSON value of the subset the log uses: I-JSON (RFC 7493) without fractions, so that its
 * canonical form (RFC 8785) needs no floating point.
 */
public sealed interface Json {

  /** The one encoding of this value by RFC 8785. */
  default Bytes canonical() {
    return CanonicalJson.write(this);
  }

  /**
   * Reads UTF-8 JSON text; it need not be canonical.
   *
   * @throws ProofException if it is not JSON, repeats a name, nests deeper than {@value
   *     JsonReader#MAX_DEPTH}, or holds a fraction
   */
  static Json read(Bytes text) {
    return JsonReader.read(text);
  }

  /**
   * Reads a JSON object.
   *
   * @throws ProofException as {@link #read}, or if it is another value
   */
  static Obj readObject(Bytes text) {
    if (read(text) instanceof Obj object) {
      return object;
    }
    throw new ProofException("The JSON text is not an object");
  }

  static Builder object() {
    return new Builder();
  }

  static Text of(String text) {
    return new Text(text);
  }

  static Int of(long number) {
    return new Int(number);
  }

  static Bool of(boolean value) {
    return new Bool(value);
  }

  static Arr texts(Iterable<String> values) {
    var items = new ArrayList<Json>();
    values.forEach(v -> items.add(new Text(v)));
    return new Arr(items);
  }

  /** An object; members are ordered by UTF-16 code units as RFC 8785 §3.2.3 asks. */
  record Obj(SortedMap<String, Json> members) implements Json {
    public static final Obj EMPTY = new Obj(new TreeMap<>());

    public Obj {
      members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    public boolean isEmpty() {
      return members.isEmpty();
    }

    public Optional<Json> find(String name) {
      return Optional.ofNullable(members.get(name));
    }

    public Optional<String> findText(String name) {
      return find(name).map(v -> cast(name, v, Text.class).value());
    }

    public Optional<Long> findNumber(String name) {
      return find(name).map(v -> cast(name, v, Int.class).value());
    }

    public String text(String name) {
      return cast(name, require(name), Text.class).value();
    }

    public long number(String name) {
      return cast(name, require(name), Int.class).value();
    }

    public boolean bool(String name) {
      return cast(name, require(name), Bool.class).value();
    }

    /** The named object, empty if it is absent. */
    public Obj object(String name) {
      return find(name).map(v -> cast(name, v, Obj.class)).orElse(EMPTY);
    }

    /** The named list, empty if it is absent. */
    public List<Json> list(String name) {
      return find(name).map(v -> cast(name, v, Arr.class).items()).orElse(List.of());
    }

    /** The named list of strings, empty if it is absent. */
    public List<String> texts(String name) {
      return list(name).stream().map(v -> cast(name, v, Text.class).value()).toList();
    }

    /** The named object of strings, empty if it is absent. */
    public SortedMap<String, String> textMap(String name) {
      var map = new TreeMap<String, String>();
      object(name).members.forEach((k, v) -> map.put(k, cast(k, v, Text.class).value()));
      return map;
    }

    /** This object with some members replaced or added. */
    public Builder change() {
      var builder = new Builder();
      builder.members.putAll(members);
      return builder;
    }

    private Json require(String name) {
      return find(name).orElseThrow(() -> new ProofException("The member " + name + " is missing"));
    }

    private static <T extends Json> T cast(String name, Json value, Class<T> type) {
      if (type.isInstance(value)) {
        return type.cast(value);
      }
      throw new ProofException("The member " + name + " is not a " + type.getSimpleName());
    }
  }

  /** An array. */
  record Arr(List<Json> items) implements Json {
    public Arr {
      items = List.copyOf(items);
    }
  }

  /** A string without lone surrogates. */
  record Text(String value) implements Json {}

  /** An integer within ±(2^53 − 1), the range every JSON reader keeps exactly (RFC 7493 §2.2). */
  record Int(long value) implements Json {
    public static final long MAX = (1L << 53) - 1;

    public Int {
      if (value > MAX || value < -MAX) {
        throw new ProofException("The number " + value + " is beyond 2^53 - 1");
      }
    }
  }

  /** True or false. */
  record Bool(boolean value) implements Json {}

  /** Null. */
  enum Nil implements Json {
    NULL
  }

  /** Collects the members of an object. */
  final class Builder {
    private final SortedMap<String, Json> members = new TreeMap<>();

    private Builder() {}

    public Builder put(String name, Json value) {
      members.put(name, value);
      return this;
    }

    public Builder put(String name, String value) {
      return put(name, new Text(value));
    }

    public Builder put(String name, long value) {
      return put(name, new Int(value));
    }

    public Builder put(String name, boolean value) {
      return put(name, new Bool(value));
    }

    public Builder put(String name, Iterable<String> values) {
      return put(name, Json.texts(values));
    }

    public Builder put(String name, SortedMap<String, String> values) {
      var object = new TreeMap<String, Json>();
      values.forEach((k, v) -> object.put(k, new Text(v)));
      return put(name, new Obj(object));
    }

    /** Puts the value's text; a member that is absent stays away. */
    public Builder putIfPresent(String name, Optional<?> value) {
      value.ifPresent(v -> put(name, v instanceof Long n ? new Int(n) : new Text(v.toString())));
      return this;
    }

    public Builder remove(String name) {
      members.remove(name);
      return this;
    }

    public Obj build() {
      return new Obj(members);
    }
  }
}
