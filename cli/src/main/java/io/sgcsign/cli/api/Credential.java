// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import io.sgcsign.cli.outcome.Failure;

/**
 * What opens the server. Prints without its text.
 *
 * @param source where it came from, for messages
 */
public record Credential(Kind kind, String text, String source) {

  public Credential {
    if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw Failure.usage(
              "The credential in " + source + " cannot be one",
              text.isEmpty() ? "it is empty" : "it has spaces or other odd characters",
              "Copy it again, whole and alone.")
          .exception();
    }
  }

  /** Who it stands for. */
  public enum Kind {
    /** A machine that signs: {@code sgcsk_…}. */
    API_KEY("X-API-Key", ""),
    /** A person who logged in. */
    TOKEN("Authorization", "Bearer ");

    private final String header;
    private final String prefix;

    Kind(String header, String prefix) {
      this.header = header;
      this.prefix = prefix;
    }
  }

  String header() {
    return kind.header;
  }

  String headerValue() {
    return kind.prefix + text;
  }

  @Override
  public String toString() {
    return "Credential[" + kind + " from " + source + "]";
  }
}
