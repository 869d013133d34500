// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonException;
import io.sgcsign.json.JsonValue;
import io.sgcsign.wire.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Puts what goes wrong between here and the server into words. */
final class Failures {
  private Failures() {}

  /** An answer that is not good. */
  static Failure of(ServerAddress server, int status, String body, Optional<String> location) {
    Optional<Problem> problem = problem(body);
    if (problem.isPresent()) {
      return Failure.of(problem.get());
    }
    String said = "it answered with HTTP status " + status;
    String why = body.isEmpty() ? said : said + ", not as sgcsign does";
    return switch (status) {
      case 301, 302, 303, 307, 308 ->
          Failure.of(
              ExitCode.USAGE,
              server + " is somewhere else",
              "it redirects to " + location.orElse("an unnamed place"),
              "Set SGCSIGN_SERVER to the address it redirects to.");
      case 401 ->
          Failure.of(
              ExitCode.AUTHENTICATION,
              server + " does not accept the credential",
              why,
              "Check SGCSIGN_APIKEY, or log in again: sgcsign login.");
      case 407 ->
          Failure.of(
              ExitCode.AUTHENTICATION,
              "The proxy wants a user and a password",
              "it answered with HTTP status 407",
              "Write --proxy http://user:password@host:port, or set no_proxy.");
      case 413 ->
          Failure.of(
              ExitCode.NOT_SIGNABLE,
              "The file is too large for " + server + " or a proxy before it",
              why,
              "Use pre-hash mode (leave --no-prehash out), or raise the limit.");
      case 429 ->
          Failure.of(ExitCode.LIMITED, server + " wants fewer requests", why, "Wait a while.");
      default ->
          status >= 500
              ? Failure.of(
                  ExitCode.UNAVAILABLE,
                  server + " is not available",
                  why,
                  "Check that the server runs: sgcsign health.")
              : notOurs(server, why);
    };
  }

  private static Optional<Problem> problem(String body) {
    try {
      return Json.parse(body) instanceof JsonValue.Obj object
          ? Problem.read(object)
          : Optional.empty();
    } catch (JsonException _) {
      return Optional.empty(); // not from our server
    }
  }

  static Failure notOurs(ServerAddress server, String why) {
    return Failure.of(
        ExitCode.UNEXPECTED,
        "There seems to be no sgcsign server at " + server,
        why,
        "Check SGCSIGN_SERVER (--server) and proxies.");
  }

  /** A connection that failed. */
  static Failure of(ServerAddress server, IOException error) {
    if (untrusted(error)) {
      return Failure.of(
          ExitCode.UNAVAILABLE,
          "The certificate of " + server + " is not trusted",
          root(error),
          "Name the authority's certificate: --ca-file FILE or SGCSIGN_CA_FILE.");
    }
    if (plain(error)) {
      return Failure.of(
          ExitCode.UNAVAILABLE,
          server + " does not speak TLS",
          text(error),
          "Check the port, or write http:// if TLS is off there.");
    }
    return switch (error) {
      case HttpRetryException e -> // the JDK throws the body of such an answer away
          of(server, e.responseCode(), "", Optional.ofNullable(e.getLocation()));
      case UnknownHostException _ ->
          unavailable(server, "the name " + server.base().getHost() + " is not known");
      case ConnectException _ -> unavailable(server, "nothing answers there: " + text(error));
      case SocketTimeoutException _ -> unavailable(server, "it does not answer in time");
      case IOException e when text(e).startsWith("Error writing request body") ->
          unavailable(
              server,
              "it hung up while the file was sent: perhaps the file is larger than allowed");
      default -> unavailable(server, "the connection broke: " + text(error));
    };
  }

  private static Failure unavailable(ServerAddress server, String why) {
    return Failure.of(
        ExitCode.UNAVAILABLE,
        "The server " + server + " cannot be reached",
        why,
        "Check that it runs and SGCSIGN_SERVER is right: sgcsign health.");
  }

  /** Whether the same thing may work in a moment. */
  static boolean mayPass(IOException error) {
    return !untrusted(error) && !plain(error) && !(error instanceof HttpRetryException);
  }

  private static boolean untrusted(IOException error) {
    return Stream.<Throwable>iterate(error, t -> t != null, Throwable::getCause)
        .anyMatch(
            t -> t instanceof CertificateException || t instanceof SSLPeerUnverifiedException);
  }

  private static boolean plain(IOException error) {
    return error instanceof SSLException
        && String.valueOf(error.getMessage()).startsWith("Unsupported or unrecognized SSL");
  }

  private static String root(Throwable error) {
    Throwable deepest = error;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage());
  }

  private static String text(IOException error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }
}
