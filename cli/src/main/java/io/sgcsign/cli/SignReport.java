// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.files.Draft;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.sign.FileResult;
import io.sgcsign.json.Json;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JsonGenerator;

/** Tells what became of the files: to people, or as JSON. */
final class SignReport {
  /** Raised when a member changes its meaning. */
  private static final int SCHEMA_VERSION = 1;

  /** Names that a message about many files lists. */
  private static final int NAMED = 5;

  private final ParseResult parsed;
  private final World world;
  private final Console console;

  SignReport(ParseResult parsed, World world, Console console) {
    this.parsed = parsed;
    this.world = world;
    this.console = console;
  }

  static boolean wantsDigests(ParseResult parsed) {
    return Flags.given(parsed, "--json") || Flags.given(parsed, "--report");
  }

  /** Prints, and says how the command ends. */
  ExitCode print(List<FileResult> results) {
    ExitCode exit = ExitCode.of(results.stream().map(FileResult::exit).toList());
    if (wantsDigests(parsed)) {
      String json = Json.write(j -> write(j, results, exit));
      Flags.text(parsed, "--report").ifPresent(file -> save(file, json));
      if (Flags.given(parsed, "--json")) {
        console.result(json);
        return exit;
      }
    }
    results.forEach(this::line);
    grouped(results, FileResult::warnings)
        .forEach((warning, names) -> console.warning(names(names) + ": " + warning));
    failures(results);
    if (results.size() > 1) {
      console.note(summary(results));
    }
    return exit;
  }

  private void line(FileResult result) {
    String where =
        result
                .output()
                .filter(o -> !o.equals(world.path(result.name()).toString()))
                .map(o -> " -> " + shown(o))
                .orElse("")
            + result.beside().map(b -> " + " + shown(b)).orElse("");
    String by = result.subject().map(s -> "  " + s).orElse("");
    switch (result.status()) {
      case SIGNED -> console.line("signed   " + result.name() + where + by);
      case SKIPPED -> console.line("skipped  " + result.name() + where + "  signed before:" + by);
      case PENDING ->
          console.line(
              "pending  " + result.name() + "  request " + result.requestId().orElse("unknown"));
      case PLANNED -> console.line("would sign " + result.name() + where);
      case REMOVED -> console.line("removed  " + result.name() + where);
      case UNSIGNED -> console.line("unsigned " + result.name() + where);
      case FAILED -> {
        // told below, many alike at once
      }
    }
  }

  private String shown(String path) {
    var folder = world.folder().toAbsolutePath().normalize();
    var whole = folder.resolve(path).normalize();
    return whole.startsWith(folder) ? folder.relativize(whole).toString() : path;
  }

  private static Map<String, List<String>> grouped(
      List<FileResult> results, java.util.function.Function<FileResult, List<String>> texts) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (FileResult result : results) {
      for (String text : texts.apply(result)) {
        groups.computeIfAbsent(text, _ -> new ArrayList<>()).add(result.name());
      }
    }
    return groups;
  }

  /** Many files that failed alike are one message. */
  private void failures(List<FileResult> results) {
    Map<Failure, List<String>> groups = new LinkedHashMap<>();
    Map<Failure, Failure> first = new LinkedHashMap<>();
    for (FileResult result : results) {
      if (result.failure().isPresent()) {
        Failure failure = result.failure().get();
        Failure kind = failure.withoutRequest();
        first.putIfAbsent(kind, failure);
        groups.computeIfAbsent(kind, _ -> new ArrayList<>()).add(result.name());
      }
    }
    groups.forEach(
        (kind, names) -> console.failure(first.getOrDefault(kind, kind).about(names(names))));
  }

  private static String names(List<String> names) {
    if (names.size() <= NAMED) {
      return String.join(", ", names);
    }
    return String.join(", ", names.subList(0, NAMED)) + " and " + (names.size() - NAMED) + " more";
  }

  private static String summary(List<FileResult> results) {
    var parts = new ArrayList<String>();
    for (FileResult.Status status : FileResult.Status.values()) {
      long count = results.stream().filter(r -> r.status() == status).count();
      if (count > 0) {
        parts.add(count + " " + status.wireName());
      }
    }
    return String.join(", ", parts);
  }

  private void save(String file, String json) {
    try (Draft draft = Draft.of(world.path(file), world.temps())) {
      draft.write(out -> out.write((json + "\n").getBytes(StandardCharsets.UTF_8)));
      draft.publish(draft.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(JsonGenerator json, List<FileResult> results, ExitCode exit) {
    json.writeStartObject();
    json.writeNumberProperty("schema_version", SCHEMA_VERSION);
    json.writeNumberProperty("exit_code", exit.number());
    json.writeArrayPropertyStart("files");
    results.forEach(r -> write(json, r));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, FileResult result) {
    json.writeStartObject();
    json.writeStringProperty("name", result.name());
    text(json, "output", result.output());
    text(json, "beside", result.beside());
    json.writeStringProperty("status", result.status().wireName());
    text(json, "request_id", result.requestId());
    result.logIndex().ifPresent(i -> json.writeNumberProperty("log_index", i));
    text(json, "subject", result.subject());
    text(json, "sha256", result.sha256());
    json.writeArrayPropertyStart("warnings");
    result.warnings().forEach(json::writeString);
    json.writeEndArray();
    result
        .failure()
        .ifPresent(f -> {
          json.writeName("problem");
          write(json, f);
        });
    json.writeEndObject();
  }

  /** A failure with the members of the server's problems. */
  static void write(JsonGenerator json, Failure failure) {
    json.writeStartObject();
    json.writeStringProperty("title", failure.what());
    text(json, "code", failure.code().map(Code::wireName));
    json.writeStringProperty("detail", failure.why());
    json.writeStringProperty("hint", failure.fix());
    text(json, "request_id", failure.requestId());
    json.writeNumberProperty("exit_code", failure.exit().number());
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, Optional<String> value) {
    value.ifPresent(v -> json.writeStringProperty(name, v));
  }
}
