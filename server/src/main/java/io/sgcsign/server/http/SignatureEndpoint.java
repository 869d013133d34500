// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.pki.Digest;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.view.SignaturesView;
import io.sgcsign.wire.Code;
import java.util.Optional;

/**
 * {@code GET /api/v1/signatures/{digest}}: whether this server has completed a signature. Every
 * caller may ask, whoever signed: who knows the digest of a block holds the file.
 */
record SignatureEndpoint(Ledger ledger) implements Endpoint {
  private static final Schema ANSWER =
      Schema.object()
          .required("block", Schema.text(), "SHA-256 of the signature block.")
          .required("log_index", Schema.integer(), "The event that says it was completed.")
          .required("completed_at", Schema.text(), "When.")
          .with("request_id", Schema.text(), "The request.")
          .with("signed", Schema.text(), "SHA-256 of the released file, if the server saw it.");

  @Override
  public Operation operation() {
    return Operation.get(
            "/api/v1/signatures/{digest}",
            Access.ANY,
            "signature",
            "A completed signature, by the digest of its block (sha256:…)",
            Operation.json(ANSWER, "It was completed."))
        .withProblems(Code.NOT_FOUND, Code.FIELD_INVALID);
  }

  @Override
  public void handle(Exchange exchange) {
    String text = exchange.parameter("digest");
    if (!text.matches("sha256:[0-9a-f]{64}")) {
      throw ProblemException.of(
          Code.FIELD_INVALID, "A digest is sha256: and 64 lower-case hexadecimal digits");
    }
    Digest block = Digest.parse(text);
    Optional<SignaturesView.Signature> found =
        ledger.read(rows -> SignaturesView.find(rows, block));
    SignaturesView.Signature signature =
        found.orElseThrow(
            () -> ProblemException.of(Code.NOT_FOUND, "There is no completed signature " + text));
    exchange.answer(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("block", signature.block().toString());
          json.writeNumberProperty("log_index", signature.seq());
          json.writeStringProperty("completed_at", signature.time().toString());
          signature.request().ifPresent(r -> json.writeStringProperty("request_id", r));
          signature.signed().ifPresent(d -> json.writeStringProperty("signed", d.toString()));
          json.writeEndObject();
        });
  }
}
