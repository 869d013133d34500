// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.Suggestion;
import io.sgcsign.format.Formats;
import io.sgcsign.format.Option;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The formats on the command line: every option of a descriptor is a flag. */
final class FormatFlags {
  /** Flags of the brief that are shorter than the option's name. */
  private static final Map<String, String> SHORT = Map.of("description", "--desc");

  private static final String AUTO = "auto";

  private FormatFlags() {}

  static List<String> names() {
    return Formats.ALL.stream().map(f -> f.descriptor().name()).toList();
  }

  static OptionSpec format() {
    var names = new ArrayList<>(names());
    names.addFirst(AUTO);
    return Flags.choice(
        names, "Format; auto (the default) looks into each file.", "-f", "--format");
  }

  /** {@code page_hashes} is {@code --page-hashes}. */
  static String flag(Option option) {
    return "--" + option.name().replace('_', '-');
  }

  /** One flag for each option; formats with an option of the same name share it. */
  static List<OptionSpec> specs() {
    return options().values().stream().map(FormatFlags::spec).toList();
  }

  private static Map<String, List<Option>> options() {
    return Formats.ALL.stream()
        .flatMap(f -> f.descriptor().options().stream())
        .filter(o -> !o.name().equals(Options.EXISTING))
        .collect(Collectors.groupingBy(Option::name, LinkedHashMap::new, Collectors.toList()));
  }

  private static OptionSpec spec(List<Option> same) {
    Option first = same.getFirst();
    String[] names =
        SHORT.containsKey(first.name())
            ? new String[] {flag(first), SHORT.get(first.name())}
            : new String[] {flag(first)};
    List<String> values =
        List.copyOf(
            same.stream()
                .flatMap(o -> o.values().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new)));
    String help =
        first.defaultValue().isEmpty() || first.type() == Option.Type.FLAG
            ? first.help()
            : first.help() + " Default: " + first.defaultValue() + ".";
    return switch (first.type()) {
      case FLAG -> Flags.flag(help, names);
      case CHOICE -> Flags.choice(values, help, names);
      case CHOICES ->
          OptionSpec.builder(Flags.choice(values, help, names)).paramLabel("NAME[,NAME]").build();
      case TEXT -> Flags.value("TEXT", help, names);
    };
  }

  /** The options that were given. */
  static SortedMap<String, String> given(ParseResult parsed) {
    var given = new TreeMap<String, String>();
    options()
        .forEach((name, same) -> {
          String flag = flag(same.getFirst());
          if (Flags.given(parsed, flag)) {
            boolean bare = same.getFirst().type() == Option.Type.FLAG;
            given.put(name, bare ? "true" : Flags.text(parsed, flag).orElse(""));
          }
        });
    return given;
  }

  /** The format that {@code -f} names; empty: look into each file. */
  static Optional<SignatureFormat> chosen(ParseResult parsed) {
    return Flags.text(parsed, "--format")
        .filter(name -> !name.equals(AUTO))
        .map(name ->
            Formats.byName(name)
                .orElseThrow(() ->
                    Failure.usage(
                            "There is no format \"" + name + "\"",
                            "-f takes " + String.join(", ", names()) + " or auto",
                            Suggestion.hint(name, names()))
                        .exception()));
  }

  /** The format of a file by its content; empty: this version knows none. */
  static Optional<SignatureFormat> recognised(Artifact artifact, String name) {
    return Formats.ALL.stream().filter(f -> f.recognise(artifact, name).isPresent()).findFirst();
  }

  /** The format of a file by its content; the name breaks ties. */
  static SignatureFormat recognise(Artifact artifact, String name) {
    return recognised(artifact, name)
        .orElseThrow(() ->
            Failure.of(
                    Problem.of(
                        artifact.size() == 0 ? Code.ARTIFACT_EMPTY : Code.ARTIFACT_UNRECOGNISED,
                        artifact.size() == 0
                            ? "It has no content"
                            : "Its content is of no format this version knows",
                        "Known are: "
                            + Formats.ALL.stream()
                                .map(f -> f.descriptor().title())
                                .collect(Collectors.joining("; "))
                            + ". What a script is, its name or -f and --kind say."))
                .exception());
  }
}
