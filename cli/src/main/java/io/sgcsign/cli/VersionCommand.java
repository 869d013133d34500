// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign version}. */
final class VersionCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Flags.command("version", "Prints the version.");
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    console.result("sgcsign " + world.version());
    return ExitCode.OK;
  }
}
