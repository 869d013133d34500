// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.format.OptionException;
import io.sgcsign.json.Json;
import io.sgcsign.server.identity.AccessException;
import io.sgcsign.server.ledger.LedgerUnavailableException;
import io.sgcsign.server.request.RefusedException;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.SignerException;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The one place where exceptions become RFC 9457 problems. */
final class Problems {
  private Problems() {}

  /** What the client is told about {@code error}; never its stack. */
  static Problem of(Throwable error) {
    return switch (error) {
      case ProblemException e -> e.problem();
      case AccessException e -> e.problem();
      case SignerException.Refused e -> e.problem();
      case SignerException.Unavailable e -> e.problem();
      case RefusedException e -> e.problem();
      case LedgerUnavailableException e ->
          Problem.of(Code.LEDGER_UNAVAILABLE, "The ledger cannot be used: " + e.getMessage());
      case ImprintException e -> Problem.of(Code.FIELD_INVALID, String.valueOf(e.getMessage()));
      case ArtifactException e ->
          Problem.of(
              Code.byWireName(e.code()).orElse(Code.ARTIFACT_MALFORMED),
              String.valueOf(e.getMessage()),
              e.hint());
      case OptionException e ->
          Problem.of(
              e.unknown() ? Code.FIELD_UNKNOWN : Code.OPTION_INVALID,
              String.valueOf(e.getMessage()));
      case IOException _, UncheckedIOException _ ->
          Problem.of(
              Code.REQUEST_MALFORMED,
              "The request could not be read to its end",
              "Check the connection and send it again.");
      default -> Problem.of(Code.INTERNAL, "The server failed; its log has the cause");
    };
  }

  static void send(Exchange exchange, Problem problem) {
    Problem full = problem.withRequestId(exchange.requestId());
    if (full.retryAfterSeconds() > 0) {
      exchange.setHeader("Retry-After", Integer.toString(full.retryAfterSeconds()));
    }
    if (full.code().status() == 401) {
      exchange.setHeader("WWW-Authenticate", "Bearer realm=\"sgcsign\"");
    }
    exchange.send(full.code().status(), "application/problem+json", json(full));
  }

  static String json(Problem problem) {
    return Json.write(json -> problem.write(json));
  }
}
