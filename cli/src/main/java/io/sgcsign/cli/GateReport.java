// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.files.Draft;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.json.Json;
import io.sgcsign.wire.ReportJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** Tells what a gate decided: to people, as JSON, and as JUnit's XML, which CI systems show. */
record GateReport(World world, Console console) {
  /** Raised when a member changes its meaning. */
  private static final int SCHEMA_VERSION = 1;

  ExitCode print(List<GateVerdict> verdicts, Optional<String> junit, boolean asJson) {
    boolean passed = verdicts.stream().allMatch(GateVerdict::passes);
    ExitCode exit = passed ? ExitCode.OK : ExitCode.REFUSED;
    junit.ifPresent(file -> save(file, xml(verdicts, world.clock().instant())));
    if (asJson) {
      console.result(Json.write(json -> write(json, verdicts, exit)));
      return exit;
    }
    for (GateVerdict verdict : verdicts) {
      if (verdict.passes()) {
        console.line("passed   " + verdict.name() + by(verdict));
      } else {
        console.result("refused  " + verdict.name() + reasons(verdict));
      }
    }
    long refused = verdicts.stream().filter(v -> !v.passes()).count();
    console.note(
        passed
            ? "the gate is open: " + verdicts.size() + " passed"
            : "the gate is shut: " + refused + " of " + verdicts.size() + " refused");
    return exit;
  }

  private static String by(GateVerdict verdict) {
    return verdict
        .report()
        .flatMap(r -> r.primary())
        .map(p -> "  " + p.subject() + p.timestamp().map(t -> ", stamped " + t.time()).orElse(""))
        .orElse("");
  }

  private static String reasons(GateVerdict verdict) {
    return verdict.reasons().stream()
        .map(r -> "\n  " + r.kind().wireName() + ": " + r.detail())
        .collect(Collectors.joining());
  }

  private void save(String file, String text) {
    try (Draft draft = Draft.of(world.path(file), world.temps())) {
      draft.write(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
      draft.publish(draft.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One test case a file. */
  private static String xml(List<GateVerdict> verdicts, Instant now) {
    long refused = verdicts.stream().filter(v -> !v.passes()).count();
    String counts =
        " tests=\"%d\" failures=\"%d\" errors=\"0\"".formatted(verdicts.size(), refused);
    var out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.append("<testsuites").append(counts).append(">\n  <testsuite name=\"sgcsign gate\"");
    out.append(counts).append(" skipped=\"0\" timestamp=\"");
    out.append(now.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "")).append("\">\n");
    for (GateVerdict verdict : verdicts) {
      out.append("    <testcase classname=\"sgcsign.gate\" name=\"")
          .append(XmlText.escape(verdict.name()));
      if (verdict.passes()) {
        out.append("\"/>\n");
        continue;
      }
      var first = verdict.reasons().getFirst();
      out.append("\">\n      <failure type=\"")
          .append(first.kind().wireName())
          .append("\" message=\"")
          .append(XmlText.escape(first.detail()))
          .append("\">")
          .append(XmlText.escape(reasons(verdict).strip()))
          .append("</failure>\n    </testcase>\n");
    }
    return out.append("  </testsuite>\n</testsuites>\n").toString();
  }

  private static void write(JsonGenerator json, List<GateVerdict> verdicts, ExitCode exit) {
    json.writeStartObject();
    json.writeNumberProperty("schema_version", SCHEMA_VERSION);
    json.writeBooleanProperty("passed", exit == ExitCode.OK);
    json.writeNumberProperty("exit_code", exit.number());
    json.writeArrayPropertyStart("files");
    for (GateVerdict verdict : verdicts) {
      json.writeStartObject();
      json.writeStringProperty("name", verdict.name());
      json.writeBooleanProperty("passed", verdict.passes());
      json.writeArrayPropertyStart("reasons");
      for (GateVerdict.Reason reason : verdict.reasons()) {
        json.writeStartObject();
        json.writeStringProperty("code", reason.kind().wireName());
        json.writeStringProperty("detail", reason.detail());
        json.writeEndObject();
      }
      json.writeEndArray();
      verdict
          .report()
          .ifPresent(r -> {
            json.writeName("verification");
            ReportJson.write(json, r);
          });
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
