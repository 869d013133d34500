// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.format.Formats;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.server.config.Suggestion;
import io.sgcsign.server.request.VerifyDesk;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.ReportJson;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code POST /api/v1/verify}: 200 with a report for every file that could be read. */
final class VerifyEndpoint implements Endpoint {
  private static final List<String> FIELDS = List.of("format", "trust", "time");
  private static final List<String> TRUST = List.of("server", "system", "none");

  private final VerifyDesk desk;
  private final Spool spool;
  private final InstantSource clock;

  VerifyEndpoint(VerifyDesk desk, Spool spool, InstantSource clock) {
    this.desk = desk;
    this.spool = spool;
    this.clock = clock;
  }

  @Override
  public Operation operation() {
    var names = Formats.ALL.stream().map(f -> f.descriptor().name()).toList();
    var body =
        new Schema.Obj(List.of(), true)
            .required("file", Schema.binary(), "The signed file.")
            .with("companion", Schema.binary(), "The file that goes beside it: an APK's .idsig.")
            .with("format", Schema.choice(names, ""), "Left out: found by content.")
            .with("trust", Schema.choice(TRUST, "server"), "Whose anchors count.")
            .with("time", Schema.time(), "Answer for this time; left out: now.");
    return Operation.post(
            "/api/v1/verify",
            Access.ANY,
            "verify",
            "Verify a signed file",
            new Operation.Body("multipart/form-data", body),
            Operation.json(new Schema.Ref("VerificationReport"), "The report, whatever it says."))
        .withProblems(
            Code.FIELD_UNKNOWN,
            Code.FIELD_MISSING,
            Code.FIELD_INVALID,
            Code.FORMAT_UNKNOWN,
            Code.BODY_TOO_LARGE,
            Code.MEDIA_TYPE_UNSUPPORTED,
            Code.ARTIFACT_UNRECOGNISED,
            Code.ARTIFACT_TRUNCATED,
            Code.ARTIFACT_MALFORMED,
            Code.ARTIFACT_EMPTY,
            Code.LEDGER_UNAVAILABLE);
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    try (Form form = Form.receiveBoth(exchange, spool, FIELDS)) {
      Upload upload = form.file();
      var order =
          new VerifyDesk.Order(
              exchange.requestId(),
              exchange.principal().id(),
              exchange.peer().getHostAddress(),
              form.field("format").map(VerifyEndpoint::format),
              trust(form),
              time(form),
              upload.fileName());
      VerificationReport report =
          desk.verify(
              order, upload.artifact(), form.companion().map(Upload::artifact), upload.digest());
      exchange.answer(200, json -> ReportJson.write(json, report));
    }
  }

  private static SignatureFormat format(String name) {
    return Formats.byName(name)
        .orElseThrow(() ->
            ProblemException.of(
                Code.FORMAT_UNKNOWN,
                "There is no format \"" + name + "\"",
                Suggestion.hint(
                    name, Formats.ALL.stream().map(f -> f.descriptor().name()).toList())));
  }

  private static VerifyDesk.Trust trust(Form form) {
    String trust = form.field("trust").orElse("server");
    if (!TRUST.contains(trust)) {
      throw ProblemException.of(
          Code.FIELD_INVALID, "trust is server, system or none, not \"" + trust + "\"");
    }
    return VerifyDesk.Trust.valueOf(trust.toUpperCase(Locale.ROOT));
  }

  private Instant time(Form form) {
    Optional<String> given = form.field("time");
    try {
      return given.map(Instant::parse).orElseGet(clock::instant);
    } catch (DateTimeException e) {
      throw ProblemException.of(
          Code.FIELD_INVALID, "time is written 2026-11-21T00:00:00Z, not " + given.orElse(""));
    }
  }
}
