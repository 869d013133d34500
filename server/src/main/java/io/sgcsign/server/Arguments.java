// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import java.io.Serial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The command line, split into words, flags and options with values. */
record Arguments(List<String> words, Set<String> flags, Map<String, String> options) {
  private static final Set<String> FLAGS =
      Set.of("--console", "--check", "--selftest-providers", "--version", "--help", "-h", "--tls");
  private static final Set<String> OPTIONS =
      Set.of(
          "--config",
          "--database",
          "--out",
          "--key-out",
          "--password-env",
          "--subject",
          "--key-type",
          "--dir",
          "--port",
          "--hosts");

  /**
   * Reads the command line.
   *
   * @throws UsageException naming the word that is wrong
   */
  static Arguments parse(String... args) {
    var words = new ArrayList<String>();
    var flags = new TreeSet<String>();
    var options = new HashMap<String, String>();
    var rest = new ArrayList<>(Arrays.asList(args));
    while (!rest.isEmpty()) {
      String word = rest.removeFirst();
      int equals = word.indexOf('=');
      String name = word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
      if (OPTIONS.contains(name)) {
        if (equals > 0) {
          options.put(name, word.substring(equals + 1));
        } else if (rest.isEmpty()) {
          throw new UsageException(name + " takes a value");
        } else {
          options.put(name, rest.removeFirst());
        }
      } else if (FLAGS.contains(word)) {
        flags.add(word);
      } else if (word.startsWith("-")) {
        throw new UsageException("Unknown option " + word);
      } else {
        words.add(word);
      }
    }
    return new Arguments(List.copyOf(words), Set.copyOf(flags), Map.copyOf(options));
  }

  Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  String required(String name) {
    return option(name).orElseThrow(() -> new UsageException(name + " is missing"));
  }

  boolean flag(String name) {
    return flags.contains(name);
  }

  /** The command line is wrong. */
  static final class UsageException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    UsageException(String message) {
      super(message);
    }
  }
}
