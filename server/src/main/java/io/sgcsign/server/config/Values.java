// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import io.sgcsign.bytes.Secret;
import io.sgcsign.json.JsonValue.Location;
import io.sgcsign.key.Params;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The checked values of a block, with defaults filled in. */
record Values(Location at, String pointer, Map<String, Object> map, Map<String, Location> places) {

  /** Where {@code key} stands; the block itself if it was left out. */
  Location at(String key) {
    return places.getOrDefault(key, at);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable((String) map.get(name));
  }

  String get(String name) {
    return text(name).orElseThrow(() -> new IllegalStateException(pointer + "/" + name));
  }

  Optional<Path> path(String name) {
    return Optional.ofNullable((Path) map.get(name));
  }

  Optional<Secret> secret(String name) {
    return Optional.ofNullable((Secret) map.get(name));
  }

  int integer(String name) {
    return map.get(name) instanceof Long n ? Math.toIntExact(n) : 0;
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(map.get(name));
  }

  Optional<Boolean> optionalFlag(String name) {
    return Optional.ofNullable((Boolean) map.get(name));
  }

  Values block(String name) {
    return map.get(name) instanceof Values values
        ? values
        : new Values(at, pointer + "/" + name, Map.of(), Map.of());
  }

  Optional<Values> optionalBlock(String name) {
    return Optional.ofNullable((Values) map.get(name));
  }

  Optional<Params> params(String name) {
    return Optional.ofNullable((Params) map.get(name));
  }

  boolean has(String name) {
    return map.containsKey(name);
  }

  /** The texts of an array; empty if it was left out. */
  Optional<List<String>> texts(String name) {
    return map.get(name) instanceof List<?> list
        ? Optional.of(list.stream().map(String.class::cast).toList())
        : Optional.empty();
  }

  List<Values> blocks(String name) {
    return map.get(name) instanceof List<?> list
        ? list.stream().map(Values.class::cast).toList()
        : List.of();
  }
}
