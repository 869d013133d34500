// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonException;
import io.sgcsign.json.JsonValue;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Talks to one server as one caller. Thread-safe. */
public final class ApiClient {
  /** Bytes. A thousand blocks with page hashes come from 16 MiB of imprints. */
  private static final int MAX_JSON = 64 * 1024 * 1024;

  private final ServerAddress server;
  private final Optional<Credential> credential;
  private final Connector connector;
  private final Retry retry;
  private final String agent;

  /**
   * @param agent the name and version of this program
   */
  public ApiClient(
      ServerAddress server,
      Optional<Credential> credential,
      Connector connector,
      Retry retry,
      String agent) {
    this.server = server;
    this.credential = credential;
    this.connector = connector;
    this.retry = retry;
    this.agent = agent;
  }

  public Retry retry() {
    return retry;
  }

  /** How an attempt ended. */
  private sealed interface Attempt<T> {
    record Done<T>(T value) implements Attempt<T> {}

    record Failed<T>(Failure failure, boolean again, Optional<Duration> retryAfter)
        implements Attempt<T> {}
  }

  /**
   * Sends {@code call}, again and again if that makes sense, and hands a good answer to {@code
   * receiver}. Whatever is sent this way must be harmless to repeat.
   *
   * @throws FailureException if there is no good answer
   */
  public <T> T send(Call call, Reply.Receiver<T> receiver) {
    Retry.Patience patience = retry.patience();
    while (true) {
      switch (attempt(call, receiver)) {
        case Attempt.Done<T>(T value) -> {
          return value;
        }
        case Attempt.Failed<T>(Failure failure, boolean again, Optional<Duration> retryAfter) -> {
          Optional<Duration> wait = again ? patience.next(retryAfter) : Optional.empty();
          if (wait.isEmpty()) {
            throw failure.exception();
          }
          patience.pause(wait.get(), failure.what() + ": " + failure.why());
        }
      }
    }
  }

  /** Sends {@code call}; the answer is a text. */
  public String text(Call call) {
    return send(call, reply -> reply.text(MAX_JSON));
  }

  /** Sends {@code call}; the answer is a JSON object. */
  public JsonValue.Obj json(Call call) {
    return object(text(call));
  }

  /** A good answer, but not one of our server. */
  public FailureException notOurs(String why) {
    return Failures.notOurs(server, why).exception();
  }

  private JsonValue.Obj object(String text) {
    try {
      if (Json.parse(text) instanceof JsonValue.Obj object) {
        return object;
      }
      throw notOurs("its answer is no JSON object");
    } catch (JsonException e) {
      throw notOurs("its answer is no JSON: " + e.getMessage());
    }
  }

  private <T> Attempt<T> attempt(Call call, Reply.Receiver<T> receiver) {
    try {
      HttpURLConnection connection = connector.open(server.uri(call.path()));
      request(connection, call);
      int status = connection.getResponseCode();
      if (status >= 200 && status < 300) {
        try (var body = connection.getInputStream()) {
          var reply = new Reply(n -> Optional.ofNullable(connection.getHeaderField(n)), body);
          return new Attempt.Done<>(receiver.receive(reply));
        }
      }
      return refused(connection, status);
    } catch (IOException e) {
      return new Attempt.Failed<>(Failures.of(server, e), Failures.mayPass(e), Optional.empty());
    }
  }

  private void request(HttpURLConnection connection, Call call) throws IOException {
    connection.setRequestMethod(call.method());
    connection.setRequestProperty("User-Agent", agent);
    connection.setRequestProperty("Accept", "application/json, application/octet-stream, */*");
    credential.ifPresent(c -> connection.setRequestProperty(c.header(), c.headerValue()));
    call.headers().forEach(connection::setRequestProperty);
    switch (call.body()) {
      case Call.Body.None _ -> connection.connect();
      case Call.Body.Json(String text) -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
          out.write(bytes);
        }
      }
      case Call.Body.Form(Multipart form) -> {
        connection.setRequestProperty("Content-Type", form.contentType());
        // whoever is refused anyway need not send the whole file (RFC 9110 §10.1.1)
        connection.setRequestProperty("Expect", "100-continue");
        connection.setFixedLengthStreamingMode(form.length());
        connection.setDoOutput(true);
        OutputStream stream;
        try {
          stream = connection.getOutputStream();
        } catch (ProtocolException _) {
          return; // refused before the file was sent: the status tells why
        }
        try (OutputStream out = stream) {
          form.writeTo(out);
        }
      }
    }
  }

  private <T> Attempt<T> refused(HttpURLConnection connection, int status) throws IOException {
    String text = "";
    var error = connection.getErrorStream();
    if (error != null) {
      try (error) {
        text = new Reply(_ -> Optional.empty(), error).text(MAX_JSON);
      }
    }
    Optional<String> location = Optional.ofNullable(connection.getHeaderField("Location"));
    Failure failure = Failures.of(server, status, text, location);
    boolean again =
        status == 429
            || status == 502
            || status == 503
            || status == 504
            || failure.code().map(c -> c.retryable()).orElse(false);
    return new Attempt.Failed<>(
        failure, again, retryAfter(connection.getHeaderField("Retry-After")));
  }

  /** Seconds; dates (RFC 9110 §10.2.3) our server never sends, and a backoff serves as well. */
  private static Optional<Duration> retryAfter(@org.jspecify.annotations.Nullable String header) {
    return header != null && header.strip().matches("[0-9]{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(header.strip())))
        : Optional.empty();
  }
}
