// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.ExitCode;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page in the language of man(7). */
record ManPage(CommandSpec spec, String version) {

  /** {@code sgcsign-keys-create}. */
  String name() {
    return spec.qualifiedName("-");
  }

  String text() {
    var out = new StringBuilder();
    out.append(".TH \"")
        .append(name().toUpperCase(java.util.Locale.ROOT))
        .append("\" 1 \"\" \"sgcsign ")
        .append(version)
        .append("\" \"sgcsign manual\"\n");
    section(out, "NAME").append(roff(name())).append(" \\- ").append(roff(summary())).append('\n');
    section(out, "SYNOPSIS").append(".B ").append(roff(spec.qualifiedName())).append('\n');
    out.append("[\\fIOPTION\\fR]...");
    spec.subcommands().keySet().stream().findFirst().ifPresent(_ -> out.append(" \\fICOMMAND\\fR"));
    for (PositionalParamSpec word : spec.positionalParameters()) {
      out.append(" [\\fI").append(roff(word.paramLabel())).append("\\fR]...");
    }
    out.append('\n');
    section(out, "DESCRIPTION").append(roff(description(spec))).append('\n');
    commands(out);
    options(out);
    ends(out);
    return out.toString();
  }

  private static StringBuilder section(StringBuilder out, String title) {
    return out.append(".SH ").append(title).append('\n');
  }

  private String summary() {
    String all = description(spec);
    int stop = all.indexOf(". ");
    return (stop < 0 ? all : all.substring(0, stop)).replaceFirst("\\.$", "");
  }

  private static String description(CommandSpec spec) {
    return String.join(" ", spec.usageMessage().description()).replace("%%", "%");
  }

  private void commands(StringBuilder out) {
    if (spec.subcommands().isEmpty()) {
      return;
    }
    section(out, "COMMANDS");
    for (CommandLine part : spec.subcommands().values()) {
      CommandSpec sub = part.getCommandSpec();
      item(out, "\\fB" + roff(sub.name()) + "\\fR", description(sub));
    }
  }

  private void options(StringBuilder out) {
    section(out, "OPTIONS");
    for (OptionSpec option : spec.options()) {
      String names =
          Arrays.stream(option.names())
              .map(n -> "\\fB" + roff(n) + "\\fR")
              .collect(Collectors.joining(", "));
      boolean valued = option.arity().max() > 0;
      item(
          out,
          valued ? names + " \\fI" + roff(option.paramLabel()) + "\\fR" : names,
          String.join(" ", option.description()).replace("%%", "%"));
    }
  }

  private static void ends(StringBuilder out) {
    section(out, "EXIT STATUS");
    for (ExitCode code : ExitCode.values()) {
      item(out, "\\fB" + code.number() + "\\fR", code.meaning());
    }
    section(out, "ENVIRONMENT");
    for (String variable : Commands.variables()) {
      String[] parts = variable.split(" {2,}", 2);
      item(out, "\\fB" + roff(parts[0]) + "\\fR", parts.length > 1 ? parts[1] : "As usual.");
    }
  }

  private static void item(StringBuilder out, String term, String text) {
    out.append(".TP\n").append(term).append('\n').append(roff(text)).append('\n');
  }

  /** Takes away what man(7) would understand. */
  private static String roff(String text) {
    String plain = text.replace("\\", "\\e").replace("-", "\\-");
    return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
  }
}
