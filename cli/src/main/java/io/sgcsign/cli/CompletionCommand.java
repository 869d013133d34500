// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.Suggestion;
import java.util.Arrays;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign completion bash|zsh}. */
final class CompletionCommand implements Command {
  private static final List<String> SHELLS = List.of("bash", "zsh");

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Flags.command(
            "completion",
            "Prints a completion script. Use it with: source <(sgcsign completion bash)");
    return spec.addPositional(Flags.words("bash|zsh", "The shell.", "1"));
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    String shell = Flags.words(parsed).getFirst();
    if (!SHELLS.contains(shell)) {
      throw Failure.usage(
              "There is no completion for \"" + shell + "\"",
              "it is made for " + String.join(" and ", SHELLS),
              Suggestion.hint(shell, SHELLS))
          .exception();
    }
    var all = Arrays.stream(Commands.values()).filter(c -> !c.hidden()).toList();
    // the script serves both shells: in zsh it loads bashcompinit itself
    console.result(AutoComplete.bash("sgcsign", new CommandLine(Commands.root(all))));
    return ExitCode.OK;
  }
}
