// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.Suggestion;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign help [COMMAND]}. */
final class HelpCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = Flags.command("help", "Shows help about a command.");
    return spec.addPositional(Flags.words("COMMAND", "The command.", "0..*"));
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    console.result(text(Flags.words(parsed)).stripTrailing());
    return ExitCode.OK;
  }

  /** The help text of a command, or of all. */
  static String text(List<String> words) {
    if (words.isEmpty()) {
      return new CommandLine(Commands.root(Arrays.asList(Commands.values())))
          .getUsageMessage(Ansi.OFF);
    }
    Commands first = Commands.byWord(words.getFirst()).orElseThrow(() -> unknown(words.getFirst()));
    var line = new CommandLine(Commands.root(List.of(first)));
    for (String word : words) {
      CommandLine next = line.getSubcommands().get(word);
      if (next == null) {
        throw unknown(word);
      }
      line = next;
    }
    return usage(line);
  }

  static String usage(CommandLine line) {
    Commands.footer(line.getCommandSpec());
    return line.getUsageMessage(Ansi.OFF);
  }

  static RuntimeException unknown(String word) {
    return Failure.usage(
            "There is no command \"" + word + "\"",
            "sgcsign knows " + String.join(", ", Commands.words()),
            Suggestion.closest(word, Commands.words())
                .map(w -> "Did you mean sgcsign " + w + "?")
                .orElse("See: sgcsign help."))
        .exception();
  }
}
