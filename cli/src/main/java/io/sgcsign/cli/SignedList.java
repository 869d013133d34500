// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.GateVerdict.Kind;
import io.sgcsign.cli.GateVerdict.Reason;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonException;
import io.sgcsign.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files a report of {@code sgcsign sign} tells of. They are known again by digest and file
 * name, not by folder: what one machine signed, another one releases.
 */
final class SignedList {
  /** Bytes: a hundred thousand files with long names. */
  private static final int MAX_SIZE = 32 * 1024 * 1024;

  private final List<Entry> entries;
  private final List<Entry> seen = new ArrayList<>();

  /** One file; no digest: it was not signed. */
  private record Entry(String name, String file, String status, Optional<String> sha256) {
    static Entry read(JsonValue.Obj json) {
      String name = json.text("name").orElse("");
      return new Entry(
          name,
          base(json.text("output").orElse(name)),
          json.text("status").orElse("unknown"),
          json.text("sha256"));
    }
  }

  private SignedList(List<Entry> entries) {
    this.entries = entries;
  }

  private static String base(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  static SignedList read(Path file) {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_SIZE);
      if (Json.parse(new String(bytes, StandardCharsets.UTF_8)) instanceof JsonValue.Obj report
          && report.integer("schema_version").equals(Optional.of(1L))
          && report.get("files").isPresent()) {
        return new SignedList(
            report.items("files").stream()
                .filter(JsonValue.Obj.class::isInstance)
                .map(f -> Entry.read((JsonValue.Obj) f))
                .toList());
      }
      throw wrong(file, "it is no report of sgcsign sign, or of another version");
    } catch (IOException | JsonException e) {
      throw wrong(file, String.valueOf(e.getMessage()));
    }
  }

  private static RuntimeException wrong(Path file, String why) {
    return Failure.usage(
            "The file " + file + " (--from) cannot be used",
            why,
            "Write it with: sgcsign sign --report " + file.getFileName() + " …")
        .exception();
  }

  /** Why this file is not what was signed. */
  Optional<Reason> objection(String name, String sha256) {
    List<Entry> namesakes = entries.stream().filter(e -> e.file().equals(base(name))).toList();
    Optional<Entry> same =
        namesakes.stream().filter(e -> e.sha256().equals(Optional.of(sha256))).findFirst();
    seen.addAll(same.map(List::of).orElse(namesakes));
    if (same.isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        namesakes.stream()
            .flatMap(e -> e.sha256().stream())
            .findFirst()
            .map(was -> new Reason(Kind.CHANGED, "it was " + was + " when it was signed"))
            .orElse(
                namesakes.isEmpty()
                    ? new Reason(Kind.NEW, "the report does not know it")
                    : new Reason(
                        Kind.MISSING, "the report says it is " + namesakes.getFirst().status())));
  }

  /** What the report knows and nobody asked about. */
  List<GateVerdict> missing() {
    return entries.stream()
        .filter(e -> !seen.contains(e))
        .map(e ->
            new GateVerdict(
                e.name(),
                List.of(new Reason(Kind.MISSING, "the report knows it, but no pattern finds it")),
                Optional.empty()))
        .toList();
  }
}
