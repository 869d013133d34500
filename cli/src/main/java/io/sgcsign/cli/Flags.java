// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Builds and reads options without annotations: reflection would cost a third of the start-up. */
final class Flags {
  private Flags() {}

  /** An option with a value. */
  static OptionSpec value(String label, String help, String... names) {
    return OptionSpec.builder(names)
        .type(String.class)
        .paramLabel(label)
        .description(escape(help))
        .build();
  }

  /** An option with a value out of a few. */
  static OptionSpec choice(List<String> values, String help, String... names) {
    return OptionSpec.builder(names)
        .type(String.class)
        .paramLabel(String.join("|", values))
        .completionCandidates(values)
        .description(escape(help))
        .build();
  }

  /** An option that may stand several times. */
  static OptionSpec values(String label, String help, String... names) {
    return OptionSpec.builder(names)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .description(escape(help))
        .build();
  }

  /** An option without a value. */
  static OptionSpec flag(String help, String... names) {
    return OptionSpec.builder(names)
        .type(boolean.class)
        .arity("0")
        .description(escape(help))
        .build();
  }

  /** All words that are no options. */
  static PositionalParamSpec words(String label, String help, String arity) {
    return PositionalParamSpec.builder()
        .index("0..*")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity(arity)
        .paramLabel(label)
        .description(escape(help))
        .build();
  }

  /** A command with help. */
  static CommandSpec command(String name, String description, ArgSpec... args) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage()
        .description(escape(description))
        .sortOptions(false)
        .abbreviateSynopsis(true);
    for (ArgSpec arg : args) {
      spec.add(arg);
    }
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .type(boolean.class)
            .arity("0")
            .usageHelp(true)
            .description("Show this help.")
            .build());
    return spec;
  }

  /** Percent signs mean something to picocli. */
  private static String escape(String help) {
    return help.replace("%", "%%");
  }

  static boolean given(ParseResult parsed, String name) {
    return parsed.commandSpec().findOption(name) != null && parsed.hasMatchedOption(name);
  }

  static Optional<String> text(ParseResult parsed, String name) {
    return given(parsed, name)
        ? Optional.of(parsed.<String>matchedOptionValue(name, ""))
        : Optional.empty();
  }

  static List<String> texts(ParseResult parsed, String name) {
    return given(parsed, name)
        ? List.copyOf(parsed.<List<String>>matchedOptionValue(name, List.of()))
        : List.of();
  }

  static List<String> words(ParseResult parsed) {
    return parsed.hasMatchedPositional(0)
        ? List.copyOf(parsed.<List<String>>matchedPositionalValue(0, List.of()))
        : List.of();
  }
}
