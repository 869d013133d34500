// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.sgcsign.artifact.Artifact;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonException;
import io.sgcsign.json.JsonValue;
import io.sgcsign.server.identity.Principal;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** One request and its answer. Not thread-safe. */
final class Exchange {
  private final ServerRequest request;
  private final ServerResponse response;
  private final String requestId;
  private Principal principal = new Principal.Anonymous();
  private Map<String, String> pathParameters = Map.of();

  Exchange(ServerRequest request, ServerResponse response, String requestId) {
    this.request = request;
    this.response = response;
    this.requestId = requestId;
  }

  String method() {
    return request.prologue().method().text();
  }

  String path() {
    return request.path().path();
  }

  /** Names this exchange in answers, logs and the ledger. */
  String requestId() {
    return requestId;
  }

  InetAddress peer() {
    return request.remotePeer().address() instanceof InetSocketAddress socket
        ? socket.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  /** Names the connection. */
  String connection() {
    return request.socketId();
  }

  Optional<String> header(String name) {
    return request.headers().first(HeaderNames.create(name));
  }

  Optional<String> query(String name) {
    return request.query().first(name).asOptional();
  }

  /** All query parameters, the first value of each. */
  Map<String, String> queries() {
    var all = new TreeMap<String, String>();
    request.query().names().forEach(n -> all.put(n, request.query().get(n)));
    return all;
  }

  Principal principal() {
    return principal;
  }

  void principal(Principal known) {
    principal = known;
  }

  void pathParameters(Map<String, String> parameters) {
    pathParameters = parameters;
  }

  /** A parameter of the path template. */
  String parameter(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalStateException("The path has no parameter " + name);
    }
    return value;
  }

  /** The body; reading it fails with {@link IOException} if the client goes away. */
  InputStream body() {
    return new RequestBody(request.content().inputStream());
  }

  /** The JSON object of the body. */
  JsonValue.Obj json(int maxBytes) throws IOException {
    String type = header("Content-Type").orElse("");
    if (!type.startsWith("application/json")) {
      throw ProblemException.of(
          Code.MEDIA_TYPE_UNSUPPORTED,
          "Content-Type is \"" + type + "\", not application/json",
          "Add -H 'Content-Type: application/json'.");
    }
    byte[] body = body().readNBytes(maxBytes + 1);
    if (body.length > maxBytes) {
      throw ProblemException.of(
          Code.BODY_TOO_LARGE, "The body is larger than " + maxBytes + " bytes", "Send less.");
    }
    try {
      if (Json.parse(new String(body, StandardCharsets.UTF_8)) instanceof JsonValue.Obj object) {
        return object;
      }
      throw ProblemException.of(Code.REQUEST_MALFORMED, "The body is no JSON object");
    } catch (JsonException e) {
      throw ProblemException.of(
          Code.REQUEST_MALFORMED, "The body is not JSON at " + e.at() + ": " + e.getMessage());
    }
  }

  Exchange setHeader(String name, String value) {
    response.header(name, value);
    return this;
  }

  /** Ends the connection after this answer; HTTP/2 has streams for that (RFC 9113 §8.2.2). */
  void closeConnection() {
    if (request.prologue().protocolVersion().startsWith("1")) {
      response.header("Connection", "close");
    }
  }

  void answer(int status, Consumer<JsonGenerator> body) {
    send(status, "application/json", Json.writeUtf8(body));
  }

  void send(int status, String mediaType, String text) {
    send(status, mediaType, text.getBytes(StandardCharsets.UTF_8));
  }

  private void send(int status, String mediaType, byte[] body) {
    response.header("Content-Type", mediaType);
    response.header("Cache-Control", "no-store");
    response.status(Status.create(status)).send(body);
  }

  void empty(int status) {
    response.status(Status.create(status)).send();
  }

  /** Sends a file without keeping it in memory. */
  void stream(String mediaType, Artifact artifact) throws IOException {
    response.header("Content-Type", mediaType);
    response.header("Cache-Control", "no-store");
    response.contentLength(artifact.size());
    try (OutputStream out = response.outputStream()) {
      artifact.writeTo(out);
    }
  }

  /** Sends several files without keeping them in memory. */
  void stream(MixedAnswer files) throws IOException {
    response.header("Content-Type", files.mediaType());
    response.header("Cache-Control", "no-store");
    response.contentLength(files.size());
    try (OutputStream out = response.outputStream()) {
      files.writeTo(out);
    }
  }

  boolean answered() {
    return response.isSent();
  }
}
