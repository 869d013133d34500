// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed.Companion;
import io.sgcsign.pki.DistinguishedName;
import io.sgcsign.server.request.Outcome;
import io.sgcsign.server.request.SignOrder;
import io.sgcsign.server.request.SigningDesk;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** {@code POST /api/v1/sign/{format}}: a file comes, the signed file goes. */
final class SignEndpoint implements Endpoint {
  private final SignatureFormat format;
  private final SigningDesk desk;
  private final Spool spool;
  private final InstantSource clock;

  SignEndpoint(SignatureFormat format, SigningDesk desk, Spool spool, InstantSource clock) {
    this.format = format;
    this.desk = desk;
    this.spool = spool;
    this.clock = clock;
  }

  @Override
  public Operation operation() {
    var body =
        new Operation.Body(
            "multipart/form-data",
            SignForm.schema(format).required("file", Schema.binary(), "The file to be signed."));
    String verified = "The signed file, verified.";
    var signed = new Operation.Answer(200, "application/octet-stream", Schema.binary(), verified);
    var answer =
        format
            .companion()
            .map(suffix ->
                new Operation.Answer(
                        200,
                        signed.contents(),
                        verified
                            + " With a second part if a file "
                            + suffix
                            + " goes beside it, the signed file first.")
                    .or("multipart/mixed", Schema.items(Schema.binary())))
            .orElse(signed);
    return Operation.post(
            "/api/v1/sign/" + format.descriptor().name(),
            Access.KEY,
            "sign_" + format.descriptor().name(),
            "Sign a file: " + format.descriptor().title(),
            body,
            answer)
        .withProblems(
            Code.FIELD_UNKNOWN,
            Code.FIELD_MISSING,
            Code.FIELD_INVALID,
            Code.OPTION_INVALID,
            Code.FEATURE_UNAVAILABLE,
            Code.PROVIDER_UNKNOWN,
            Code.FORMAT_NOT_ALLOWED,
            Code.SHA1_NOT_ALLOWED,
            Code.ALREADY_SIGNED,
            Code.BODY_TOO_LARGE,
            Code.MEDIA_TYPE_UNSUPPORTED,
            Code.IDEMPOTENCY_IN_PROGRESS,
            Code.IDEMPOTENCY_MISMATCH,
            Code.TIMESTAMP_REQUIRED,
            Code.TSA_NOT_ALLOWED,
            Code.TSA_UNAVAILABLE,
            Code.CERTIFICATE_UNFIT,
            Code.PROVIDER_UNAVAILABLE,
            Code.LEDGER_UNAVAILABLE,
            Code.VERIFICATION_FAILED,
            Code.ARTIFACT_UNRECOGNISED,
            Code.ARTIFACT_TRUNCATED,
            Code.ARTIFACT_MALFORMED,
            Code.ARTIFACT_EMPTY,
            Code.ARTIFACT_HIDDEN_DATA,
            Code.ARTIFACT_TOO_LARGE);
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Instant start = clock.instant();
    try (Form form =
        Form.receive(exchange, spool, SignForm.names(format), n -> n.startsWith(SignForm.LABEL))) {
      Upload upload = form.file();
      SignOrder order = SignForm.order(exchange, format, form.fields(), upload.fileName());
      Outcome outcome =
          desk.sign(order, SignForm.ifSigned(form.fields()), upload.artifact(), upload.digest());
      switch (outcome) {
        case Outcome.Signed signed -> {
          headers(
              exchange,
              DistinguishedName.format(signed.signer().leaf().getSubjectX500Principal()),
              start);
          exchange.setHeader("X-Sgcsign-Log-Index", Long.toString(signed.logIndex()));
          warn(exchange, signed.warnings());
          if (signed.replayed()) {
            exchange.setHeader("Idempotent-Replay", "true");
          }
          exchange.setHeader("X-Sgcsign-Request-Id", signed.requestId());
          Artifact file = upload.artifact().with(signed.patch());
          // of the request, not of this exchange: a replay is the same answer
          send(exchange, signed.requestId(), order.fileName(), file, signed.beside());
        }
        case Outcome.Skipped skipped -> {
          headers(
              exchange,
              DistinguishedName.format(skipped.signer().leaf().getSubjectX500Principal()),
              start);
          warn(exchange, List.of("skipped: the file carries a good signature of this provider"));
          exchange.setHeader("X-Sgcsign-Request-Id", skipped.requestId());
          send(
              exchange, skipped.requestId(), order.fileName(), upload.artifact(), Optional.empty());
        }
        case Outcome.Refused refused -> Problems.send(exchange, refused.problem());
        case Outcome.Block _ -> throw new IllegalStateException("An upload has no block");
      }
    }
  }

  private static void send(
      Exchange exchange, String requestId, String name, Artifact file, Optional<Companion> beside)
      throws IOException {
    if (beside.isEmpty()) {
      exchange.setHeader("Content-Disposition", "attachment; " + fileName(name));
      exchange.stream("application/octet-stream", file);
      return;
    }
    Companion companion = beside.get();
    exchange.stream(
        new MixedAnswer(
            "sgcsign-" + requestId,
            List.of(
                new MixedAnswer.Part(name, file),
                new MixedAnswer.Part(name + companion.suffix(), Artifact.of(companion.bytes())))));
  }

  private void headers(Exchange exchange, String subject, Instant start) {
    exchange.setHeader("X-Sgcsign-Signer-Subject", headerText(subject));
    exchange.setHeader(
        "X-Sgcsign-Duration-Ms",
        Long.toString(Duration.between(start, clock.instant()).toMillis()));
  }

  private static void warn(Exchange exchange, List<String> warnings) {
    if (!warnings.isEmpty()) {
      exchange.setHeader("X-Sgcsign-Warning", headerText(String.join("; ", warnings)));
    }
  }

  /** ASCII as it is, anything else as an extended value (RFC 8187 §3.2.1). */
  static String headerText(String text) {
    return ascii(text).orElseGet(() -> "UTF-8''" + percent(text));
  }

  /** {@code filename} for everybody, {@code filename*} beside it where it is needed (RFC 6266). */
  static String fileName(String name) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    String plain = last.replaceAll("[^A-Za-z0-9._ -]", "_");
    String both = "filename=\"" + plain + "\"";
    return plain.equals(last) ? both : both + "; filename*=UTF-8''" + percent(last);
  }

  private static Optional<String> ascii(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c < 0x7f) ? Optional.of(text) : Optional.empty();
  }

  private static String percent(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }
}
