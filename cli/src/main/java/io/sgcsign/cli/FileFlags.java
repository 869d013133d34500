// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.files.Selection;
import io.sgcsign.cli.outcome.Failure;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** How files are named. */
final class FileFlags {
  /** More is probably a pattern that caught the wrong folder. */
  private static final int MAX_FILES = 10_000;

  private FileFlags() {}

  static CommandSpec addTo(CommandSpec spec) {
    spec.addOption(
        Flags.value(
            "FILE", "Read names from a file, one a line; - is standard input.", "--files-from"));
    spec.addOption(
        Flags.values("PATTERN", "Leave out what matches; may stand several times.", "--exclude"));
    spec.addOption(
        Flags.value(
            "N", "Refuse to work on more files. Default: " + MAX_FILES + ".", "--max-files"));
    spec.addOption(Flags.flag("Print failures only.", "-q", "--quiet"));
    spec.addOption(Flags.flag("Print more, for example stack traces.", "-v", "--verbose"));
    return spec;
  }

  static Selection selection(ParseResult parsed) {
    return new Selection(
        Flags.words(parsed),
        Flags.text(parsed, "--files-from"),
        Flags.texts(parsed, "--exclude"),
        Flags.text(parsed, "--max-files").map(t -> count("--max-files", t)).orElse(MAX_FILES));
  }

  /** A positive number. */
  static int count(String flag, String text) {
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw Failure.usage(
              flag + " takes a number from 1, not \"" + text + "\"",
              "it is no such number",
              "Write " + flag + " 8 or the like.")
          .exception();
    }
    return Integer.parseInt(text);
  }
}
