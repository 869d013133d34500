// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A client of the HTTP API. Thread-safe; {@link #with} gives copies that share connections. */
final class Api implements AutoCloseable {
  static final String SIGN = "/api/v1/sign/authenticode";
  static final String HASH = "/api/v1/sign/authenticode/hash";
  static final String VERIFY = "/api/v1/verify";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http;
  private final URI server;
  private final Map<String, String> headers;

  private Api(HttpClient http, URI server, Map<String, String> headers) {
    this.http = http;
    this.server = server;
    this.headers = Map.copyOf(headers);
  }

  /** Without a credential. */
  static Api of(URI server) {
    return new Api(
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), server, Map.of());
  }

  /** With a fresh API key of the administrator {@link Site} makes. */
  static Api signedUp(URI server) {
    Api nobody = of(server);
    return nobody.with("X-API-Key", nobody.admin().newKey("{\"name\": \"e2e\"}"));
  }

  /** As the administrator. */
  Api admin() {
    String token =
        login(Site.ADMIN_PASSWORD)
            .good()
            .text("token")
            .orElseThrow(() -> new AssertionError("no token"));
    return new Api(http, server, Map.of("Authorization", "Bearer " + token));
  }

  Answer login(String password) {
    return json(
        "POST", "/api/v1/admin/login", "{\"user\": \"admin\", \"password\": \"" + password + "\"}");
  }

  /** The text of a new API key; the administrator asks. */
  String newKey(String json) {
    var key = json("POST", "/api/v1/admin/keys", json).good();
    return key.text("key").orElseThrow(() -> new AssertionError("no key"));
  }

  /** The same client with a header more or another one. */
  Api with(String name, String value) {
    var all = new TreeMap<>(headers);
    all.put(name, value);
    return new Api(http, server, all);
  }

  /** The same client without any header. */
  Api anonymous() {
    return new Api(http, server, Map.of());
  }

  URI uri(String path) {
    return server.resolve(path);
  }

  Answer sign(FormData form) {
    return post(SIGN, form);
  }

  Answer verify(Bytes file) {
    return post(VERIFY, new FormData().file(file, "app.exe"));
  }

  Answer post(String path, FormData form) {
    return send(
        request(path)
            .header("Content-Type", form.contentType())
            .POST(BodyPublishers.ofByteArray(form.body().toArray())));
  }

  Answer hash(HashRequest request) {
    return json("POST", HASH, request.json());
  }

  Answer json(String method, String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  Answer get(String path) {
    return call("GET", path);
  }

  Answer call(String method, String path) {
    return send(request(path).method(method, BodyPublishers.noBody()));
  }

  /** A request with the credential, to be finished by the caller. */
  HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
    headers.forEach(request::header);
    return request;
  }

  Answer send(HttpRequest.Builder request) {
    try {
      return trySend(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #send}, for servers that may go away meanwhile. */
  Answer trySend(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response.headers(), Bytes.wrap(response.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
