// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Understands a command line and runs it. */
final class Cli {
  private final World world;

  Cli(World world) {
    this.world = world;
  }

  ExitCode run(String... args) {
    List<String> words = Arrays.asList(args);
    try {
      if (words.isEmpty()) {
        world.err().print(HelpCommand.text(List.of()));
        return ExitCode.USAGE;
      }
      return switch (words.getFirst()) {
        case "-h", "--help" -> run("help");
        case "-V", "--version" -> run("version");
        default ->
            run(
                Commands.byWord(words.getFirst())
                    .orElseThrow(() -> HelpCommand.unknown(words.getFirst())),
                words);
      };
    } catch (FailureException e) {
      Console.plain(world).failure(e.failure());
      return e.failure().exit();
    }
  }

  private ExitCode run(Commands command, List<String> words) {
    var line = new CommandLine(Commands.root(List.of(command)));
    ParseResult parsed = parse(line, words).subcommand();
    ParseResult last = parsed;
    while (last.hasSubcommand() && !last.isUsageHelpRequested()) {
      last = last.subcommand();
    }
    if (last.isUsageHelpRequested()) {
      Console.plain(world).result(HelpCommand.usage(last.commandSpec().commandLine()).strip());
      return ExitCode.OK;
    }
    Console console = Console.of(world, last);
    try {
      return command.make().run(parsed, world, console);
    } catch (FailureException e) {
      console.failure(e.failure());
      return e.failure().exit();
    } catch (RuntimeException e) {
      return unexpected(console, e);
    }
  }

  private static ExitCode unexpected(Console console, RuntimeException error) {
    console.failure(
        Failure.of(
            ExitCode.UNEXPECTED,
            "An error of sgcsign itself",
            error.toString(),
            "Report this with the output of the same command and -v."));
    if (console.verbose()) {
      console.stack(error);
    }
    return ExitCode.UNEXPECTED;
  }

  private static ParseResult parse(CommandLine line, List<String> words) {
    try {
      return line.parseArgs(separated(words));
    } catch (ParameterException e) {
      throw misused(e).exception();
    }
  }

  /** {@code --receipt} alone must not swallow the file name behind it. */
  private static String[] separated(List<String> words) {
    int end = words.indexOf("--");
    String[] out = words.toArray(String[]::new);
    for (int i = 0; i < (end < 0 ? out.length : end); i++) {
      if (out[i].equals(SignCommand.Receipt.FLAG)) {
        out[i] = out[i] + "=" + SignCommand.Receipt.BESIDE;
      }
    }
    return out;
  }

  private static Failure misused(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String message = String.valueOf(e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched
        && unmatched.isUnknownOption()
        && !unmatched.getSuggestions().isEmpty()) {
      return Failure.usage(
          message,
          command + " has no such option",
          "Did you mean "
              + unmatched.getSuggestions().getFirst()
              + "? See: "
              + command
              + " --help.");
    }
    return Failure.usage(
        message, "the command line cannot be understood", "See: " + command + " --help.");
  }
}
