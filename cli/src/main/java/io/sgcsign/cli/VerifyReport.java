// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Tells what a verification found: to people, or as JSON. */
record VerifyReport(Console console) {
  /** Raised when a member changes its meaning. */
  private static final int SCHEMA_VERSION = 1;

  /** A file and the report about it ({@code ReportJson}), or why there is none. */
  record Judged(String name, Optional<JsonValue.Obj> report, Optional<Failure> failure) {
    static Judged report(String name, JsonValue.Obj report) {
      return new Judged(name, Optional.of(report), Optional.empty());
    }

    static Judged failure(String name, Failure failure) {
      return new Judged(name, Optional.empty(), Optional.of(failure));
    }

    private String status() {
      return report.flatMap(r -> r.text("status")).orElse("unreadable");
    }

    private boolean valid() {
      return report.filter(r -> r.flag("valid")).isPresent();
    }

    private ExitCode exit() {
      if (failure.isPresent()) {
        return failure.get().exit();
      }
      return valid()
          ? ExitCode.OK
          : status().equals("unsigned") ? ExitCode.UNSIGNED : ExitCode.INVALID;
    }
  }

  ExitCode print(List<Judged> results, boolean asJson) {
    ExitCode exit = ExitCode.of(results.stream().map(Judged::exit).toList());
    if (asJson) {
      console.result(Json.write(json -> write(json, results, exit)));
      return exit;
    }
    for (Judged judged : results) {
      judged.failure().ifPresent(f -> console.failure(f.about(judged.name())));
      judged.report().ifPresent(r -> people(judged, r));
    }
    return exit;
  }

  private void people(Judged judged, JsonValue.Obj report) {
    var text = new StringBuilder(judged.name()).append(": ").append(judged.status());
    report.object("facts").ifPresent(f -> facts(text, f));
    objects(report, "signatures").forEach(s -> signature(text, s));
    reasons(text, "  ", report);
    if (judged.valid()) {
      console.line(text.toString());
    } else if (console.quiet()) {
      console.result(judged.name() + ": " + judged.status());
    } else {
      console.result(text.toString());
    }
  }

  /** What the file says about itself, without what would move a terminal's cursor. */
  private static void facts(StringBuilder text, JsonValue.Obj facts) {
    for (String name : facts.members().keySet()) {
      text.append("\n  %-13s ".formatted(name))
          .append(member(facts, name).replaceAll("[\\p{Cc}\\p{Cf}]", "?"));
    }
  }

  private static void signature(StringBuilder text, JsonValue.Obj signature) {
    text.append("\n  signature ")
        .append(member(signature, "path"))
        .append(": ")
        .append(member(signature, "status"))
        .append(", ")
        .append(member(signature, "signature_algorithm"))
        .append("\n    signer      ")
        .append(member(signature, "subject"));
    signature.text("trusted_by").ifPresent(t -> text.append(" (trusted by ").append(t).append(')'));
    signature.text("not_after").ifPresent(t -> text.append(", until ").append(t));
    Optional<JsonValue.Obj> stamp = signature.object("timestamp");
    text.append("\n    time stamp  ");
    if (stamp.isPresent()) {
      text.append(member(stamp.get(), "time"))
          .append(" by ")
          .append(member(stamp.get(), "subject"))
          .append(", until ")
          .append(member(stamp.get(), "not_after"));
    } else {
      text.append("none: good until the certificate expires");
    }
    reasons(text, "    ", signature);
  }

  private static void reasons(StringBuilder text, String indent, JsonValue.Obj checked) {
    objects(checked, "checks").stream()
        .filter(c -> member(c, "status").equals("failed"))
        .forEach(c ->
            text.append('\n')
                .append(indent)
                .append(c.flag("required") ? "failed      " : "warning     ")
                .append(member(c, "name"))
                .append(": ")
                .append(member(c, "detail")));
  }

  private static List<JsonValue.Obj> objects(JsonValue.Obj object, String name) {
    return object.items(name).stream()
        .filter(JsonValue.Obj.class::isInstance)
        .map(JsonValue.Obj.class::cast)
        .toList();
  }

  private static String member(JsonValue.Obj object, String name) {
    return object.text(name).orElse("");
  }

  private static void write(JsonGenerator json, List<Judged> results, ExitCode exit) {
    json.writeStartObject();
    json.writeNumberProperty("schema_version", SCHEMA_VERSION);
    json.writeBooleanProperty("valid", exit == ExitCode.OK);
    json.writeNumberProperty("exit_code", exit.number());
    json.writeArrayPropertyStart("files");
    for (Judged judged : results) {
      json.writeStartObject();
      json.writeStringProperty("name", judged.name());
      judged.report().ifPresent(r -> JsonCopy.members(json, r));
      judged
          .failure()
          .ifPresent(f -> {
            json.writeBooleanProperty("valid", false);
            json.writeStringProperty("status", "unreadable");
            json.writeName("problem");
            SignReport.write(json, f);
          });
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
