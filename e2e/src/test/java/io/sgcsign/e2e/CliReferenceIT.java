// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference page of the command line is what the command line prints. */
class CliReferenceIT {
  private static final List<String> COMMANDS =
      List.of(
          "",
          "sign",
          "verify",
          "gate",
          "wdac",
          "keys",
          "keys list",
          "keys create",
          "keys show",
          "keys rotate",
          "keys revoke",
          "login",
          "health",
          "receipt",
          "receipt verify",
          "receipt get",
          "completion");

  private static final String INTRODUCTION =
      """
      # Command line reference

      Printed by the commands; do not edit.

      - Manual pages, one for each command: `sgcsign gen-manpage man`, then `man man/sgcsign-sign.1`.
      - Completion: `source <(sgcsign completion bash)` in `~/.bashrc`, the same with `zsh` in `~/.zshrc`.
      """;

  @TempDir Path folder;

  private String help(String command) {
    var words = Stream.of(command.split(" ", -1)).filter(w -> !w.isEmpty()).toList();
    var arguments = Stream.concat(words.stream(), Stream.of("--help")).toArray(String[]::new);
    var run = Packaged.run(Packaged.client(arguments), Map.of("COLUMNS", "80"), folder);
    assertThat(run.exit()).as(run.output()).isZero();
    return run.output();
  }

  @Test
  void thePageIsWhatTheCommandsPrint() throws IOException {
    var page = new StringBuilder(INTRODUCTION);
    for (String command : COMMANDS) {
      page.append("\n## ").append(("sgcsign " + command).strip()).append("\n\n```\n");
      page.append(help(command).strip()).append("\n```\n");
    }
    Path file = Packaged.root().resolve("docs/reference/cli.md");
    if (System.getenv("SGCSIGN_UPDATE") != null) {
      Files.writeString(file, page);
    }
    assertThat(Files.readString(file))
        .as("%s is out of date: run the tests with SGCSIGN_UPDATE=1", file)
        .isEqualTo(page.toString());
  }
}
