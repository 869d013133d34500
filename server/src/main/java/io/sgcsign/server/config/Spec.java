// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import java.util.List;
import java.util.Optional;

/** What a value of the configuration file may be. The loader, JSON Schema and docs share it. */
sealed interface Spec {

  /** A text. */
  record Text(Optional<String> defaultValue, List<String> choices, boolean secret, boolean path)
      implements Spec {
    public Text {
      choices = List.copyOf(choices);
    }
  }

  /** An integer within bounds, both inclusive. */
  record Int(Optional<Long> defaultValue, long min, long max) implements Spec {}

  /** True or false; without a default it may be left open. */
  record Flag(Optional<Boolean> defaultValue) implements Spec {}

  /** An array. */
  record Items(Spec item) implements Spec {}

  /** An object with known keys. */
  record Block(List<Key> keys) implements Spec {
    public Block {
      keys = List.copyOf(keys);
    }
  }

  /** An object whose keys depend on its sibling {@code type}: provider parameters. */
  record ProviderParams() implements Spec {}

  /** A key of a block. */
  record Key(String name, Spec spec, boolean required, String help) {}

  static Key key(String name, Spec spec, String help) {
    return new Key(name, spec, false, help);
  }

  static Key required(String name, Spec spec, String help) {
    return new Key(name, spec, true, help);
  }

  static Text text() {
    return new Text(Optional.empty(), List.of(), false, false);
  }

  static Text text(String defaultValue) {
    return new Text(Optional.of(defaultValue), List.of(), false, false);
  }

  static Text choice(String defaultValue, String... choices) {
    return new Text(
        defaultValue.isEmpty() ? Optional.empty() : Optional.of(defaultValue),
        List.of(choices),
        false,
        false);
  }

  static Text path() {
    return new Text(Optional.empty(), List.of(), false, true);
  }

  static Text path(String defaultValue) {
    return new Text(Optional.of(defaultValue), List.of(), false, true);
  }

  static Text secret() {
    return new Text(Optional.empty(), List.of(), true, false);
  }

  static Int integer(long defaultValue, long min, long max) {
    return new Int(Optional.of(defaultValue), min, max);
  }

  static Flag flag(boolean defaultValue) {
    return new Flag(Optional.of(defaultValue));
  }

  static Items items(Spec item) {
    return new Items(item);
  }

  static Block block(Key... keys) {
    return new Block(List.of(keys));
  }
}
