// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Runs once through what a signing command does. */
final class RehearseCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Flags.command("rehearse", "Signs a sample, so that the JVM learns what starts fast.");
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    return ExitCode.OK;
  }
}
