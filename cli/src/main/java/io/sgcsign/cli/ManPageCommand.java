// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign gen-manpage DIR}: writes {@code sgcsign.1} and a page for each command. */
final class ManPageCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = Flags.command("gen-manpage", "Writes the manual pages into a folder.");
    return spec.addPositional(Flags.words("DIR", "The folder.", "1"));
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    Path folder = world.path(Flags.words(parsed).getFirst());
    var all = Arrays.stream(Commands.values()).filter(c -> !c.hidden()).toList();
    try {
      Files.createDirectories(folder);
      write(folder, new CommandLine(Commands.root(all)), world.version());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ExitCode.OK;
  }

  private static void write(Path folder, CommandLine line, String version) throws IOException {
    var page = new ManPage(line.getCommandSpec(), version);
    Files.writeString(folder.resolve(page.name() + ".1"), page.text());
    for (CommandLine part : line.getSubcommands().values()) {
      write(folder, part, version);
    }
  }
}
