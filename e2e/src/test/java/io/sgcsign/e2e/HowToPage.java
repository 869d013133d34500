// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A page of docs/how-to whose indented lines are what a reader copies into a shell. */
record HowToPage(String name) {
  /** The commands, a line each. */
  String commands() throws IOException {
    return Files.readString(Packaged.root().resolve("docs/how-to").resolve(name + ".md"))
        .lines()
        .filter(l -> l.startsWith("    "))
        .map(String::strip)
        .collect(Collectors.joining("\n"));
  }

  /** Runs all of them in {@code folder}; the first that fails ends it. */
  Packaged.Run run(Map<String, String> environment, Path folder) throws IOException {
    String script =
        "set -e\nsgcsign() { " + Packaged.root() + "/bin/sgcsign \"$@\"; }\n" + commands();
    return Packaged.run(List.of("bash", "-c", script), environment, folder);
  }
}
