// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.wire;

import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.TimestampReport;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** {@link VerificationReport} on the wire: the brief's five members, then everything. */
public final class ReportJson {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private ReportJson() {}

  public static void write(JsonGenerator json, VerificationReport report) {
    json.writeStartObject();
    writeMembers(json, report);
    json.writeEndObject();
  }

  /** Writes the members into an object the caller opened. */
  public static void writeMembers(JsonGenerator json, VerificationReport report) {
    Optional<SignatureReport> primary = report.primary();
    Optional<TimestampReport> stamp = primary.flatMap(SignatureReport::timestamp);
    json.writeBooleanProperty("valid", report.valid());
    json.writeStringProperty("status", report.status().wireName());
    json.writeStringProperty("format", report.format());
    primary.ifPresent(p -> json.writeStringProperty("subject", p.subject()));
    json.writeBooleanProperty("has_timestamp", stamp.isPresent());
    stamp.ifPresent(s -> json.writeStringProperty("timestamp_time", millis(s.time())));
    primary.ifPresent(p -> json.writeBooleanProperty("survives_expiry", p.survivesExpiry()));
    json.writeArrayPropertyStart("signatures");
    report.signatures().forEach(s -> signature(json, s));
    json.writeEndArray();
    checks(json, report.fileChecks());
    if (!report.facts().isEmpty()) {
      json.writeObjectPropertyStart("facts");
      report.facts().forEach(json::writeStringProperty);
      json.writeEndObject();
    }
  }

  /** With milliseconds and {@code Z}, as in the brief. */
  public static String millis(Instant time) {
    return MILLIS.format(time);
  }

  private static void signature(JsonGenerator json, SignatureReport signature) {
    json.writeStartObject();
    json.writeStringProperty("path", signature.path());
    json.writeStringProperty("status", signature.status().wireName());
    json.writeStringProperty("subject", signature.subject());
    json.writeStringProperty("issuer", signature.issuer());
    signature.thumbprint().ifPresent(t -> json.writeStringProperty("thumbprint", t.toString()));
    json.writeStringProperty("digest_algorithm", signature.digestAlgorithm());
    json.writeStringProperty("signature_algorithm", signature.signatureAlgorithm());
    signature.trustedBy().ifPresent(t -> json.writeStringProperty("trusted_by", t));
    signature.notAfter().ifPresent(t -> json.writeStringProperty("not_after", millis(t)));
    json.writeBooleanProperty("survives_expiry", signature.survivesExpiry());
    signature.timestamp().ifPresent(t -> timestamp(json, t));
    checks(json, signature.checks());
    json.writeEndObject();
  }

  private static void timestamp(JsonGenerator json, TimestampReport stamp) {
    json.writeObjectPropertyStart("timestamp");
    json.writeStringProperty("type", stamp.type());
    json.writeStringProperty("time", millis(stamp.time()));
    json.writeStringProperty("subject", stamp.subject());
    json.writeStringProperty("not_after", millis(stamp.notAfter()));
    checks(json, stamp.checks());
    json.writeEndObject();
  }

  private static void checks(JsonGenerator json, List<Check> checks) {
    json.writeArrayPropertyStart("checks");
    for (Check check : checks) {
      json.writeStartObject();
      json.writeStringProperty("name", check.name().wireName());
      json.writeStringProperty("status", check.outcome().wireName());
      json.writeBooleanProperty("required", check.required());
      json.writeStringProperty("detail", check.detail());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
