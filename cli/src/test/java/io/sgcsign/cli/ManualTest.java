// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.tool.Tool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Manual pages and completion, judged by the programs that read them. */
final class ManualTest {
  @TempDir private Path folder;

  @Test
  void writesAPageForEveryCommandThatGroffReadsWithoutAWarning() {
    Tool groff = Tool.require("groff");

    assertThat(Desk.in(folder).run("gen-manpage", "man").exit()).isEqualTo(ExitCode.OK);

    List<String> pages = Desk.in(folder).files();
    assertThat(pages)
        .contains("man/sgcsign.1", "man/sgcsign-sign.1", "man/sgcsign-keys-create.1")
        .doesNotContain("man/sgcsign-rehearse.1");
    for (String page : pages) {
      assertThat(groff.succeed("-man", "-ww", "-z", folder.resolve(page))).as(page).isEmpty();
    }
    String text = groff.succeed("-man", "-Tascii", "-P-cbou", folder.resolve("man/sgcsign-sign.1"));
    assertThat(text)
        .contains("NAME", "--if-signed", "EXIT STATUS", "waits for approval", "SGCSIGN_APIKEY");
  }

  private String script(String shell) {
    Desk.Run run = Desk.in(folder).run("completion", shell);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.OK);
    return run.out();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "si | sign",
        "sign --if-s | --if-signed",
        "sign --if-signed r | replace",
        "keys cr | create",
        "completion --h | --help"
      })
  void completesWhatBashAsksFor(String words, String expected) {
    Tool bash = Tool.require("bash");
    Path file = Desk.in(folder).write("completion.bash", Bytes.utf8(script("bash")));
    String ask =
        "source '%s'; COMP_LINE='sgcsign %s'; COMP_WORDS=(sgcsign %s);"
                .formatted(file, words, words)
            + " COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_POINT=${#COMP_LINE};"
            + " _complete_sgcsign; printf '%s\\n' \"${COMPREPLY[@]}\"";

    assertThat(bash.succeed("--norc", "-c", ask).lines()).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void printsAScriptForBothShells(String shell) {
    String script = script(shell);

    assertThat(script).contains("compinit", "_complete_sgcsign").doesNotContain("rehearse");
    assertThat(Desk.in(folder).run("completion", "fish").err())
        .contains("There is no completion for \"fish\"", "bash and zsh");
  }
}
