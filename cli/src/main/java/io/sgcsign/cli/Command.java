// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command. */
interface Command {
  /** Its options and help; made anew at each call. */
  CommandSpec spec();

  /**
   * Does it.
   *
   * @throws io.sgcsign.cli.outcome.FailureException if it cannot be done at all
   */
  ExitCode run(ParseResult parsed, World world, Console console);
}
