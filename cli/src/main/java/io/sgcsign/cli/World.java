// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.api.Pause;
import io.sgcsign.cli.files.TempFiles;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * All that a command can see and touch of its surroundings besides files and the network.
 *
 * @param folder what relative names are relative to
 * @param terminal whether {@code err} is a terminal with a person before it
 * @param prompt asks a person for a secret; empty: there is nobody
 * @param temps unfinished files, for whoever ends the run
 */
record World(
    Map<String, String> env,
    Path folder,
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    InstantSource clock,
    Pause pause,
    SecureRandom random,
    Function<String, Optional<String>> prompt,
    TempFiles temps,
    String version) {
  World {
    env = Map.copyOf(env);
  }

  /** A variable that is set to something. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(env.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** Where files go that nobody keeps. */
  Path temporary() {
    return Path.of(variable("TMPDIR").orElse(System.getProperty("java.io.tmpdir")));
  }

  Path path(String name) {
    return folder.resolve(name);
  }
}
