// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import java.util.List;

/**
 * One option of a format: at once a form field ({@code page_hashes}), a flag of the command line
 * ({@code --page-hashes}) and a property in OpenAPI.
 *
 * @param name snake_case
 * @param type what values it takes
 * @param values the allowed values of {@link Type#CHOICE} and {@link Type#CHOICES}
 * @param defaultValue the value if it is left out; empty: none
 * @param maxLength the longest {@link Type#TEXT} in characters
 * @param secret never logged, never stored
 * @param needed who has to know it
 * @param help one sentence
 */
public record Option(
    String name,
    Type type,
    List<String> values,
    String defaultValue,
    int maxLength,
    boolean secret,
    Needed needed,
    String help) {
  public Option {
    values = List.copyOf(values);
  }

  /** What an option's value looks like. */
  public enum Type {
    TEXT,
    FLAG,
    CHOICE,
    /** Several of the allowed values, comma-separated. */
    CHOICES
  }

  /** Who has to know an option in pre-hash mode. */
  public enum Needed {
    CLIENT,
    SERVER,
    BOTH
  }

  public static Option text(String name, int maxLength, Needed needed, String help) {
    return new Option(name, Type.TEXT, List.of(), "", maxLength, false, needed, help);
  }

  public static Option flag(String name, Needed needed, String help) {
    return new Option(name, Type.FLAG, List.of("true", "false"), "false", 5, false, needed, help);
  }

  public static Option choice(
      String name, List<String> values, String defaultValue, Needed needed, String help) {
    return new Option(name, Type.CHOICE, values, defaultValue, 64, false, needed, help);
  }

  public static Option choices(
      String name, List<String> values, String defaultValue, Needed needed, String help) {
    return new Option(name, Type.CHOICES, values, defaultValue, 64, false, needed, help);
  }
}
