// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.tool.HttpStub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One server, one caller: deadlines, repetitions, proxies. */
final class ApiClientTest {
  private static final Credential KEY =
      new Credential(Credential.Kind.API_KEY, "sgcsk_test", "the test");
  private final List<Duration> waits = new ArrayList<>();
  private Duration budget = Duration.ofMinutes(1);

  private ApiClient client(String server, ProxyRules proxies, Duration patience) {
    var retry =
        new Retry(
            budget,
            InstantSource.fixed(InstantSource.system().instant()),
            waits::add,
            new Random(1),
            _ -> {});
    return new ApiClient(
        ServerAddress.parse(server),
        Optional.of(KEY),
        new Connector(proxies, Optional.empty(), patience),
        retry,
        "sgcsign/test");
  }

  private ApiClient direct(HttpStub server, Duration patience) {
    return client(
        server.uri().resolve("/").toString(), ProxyRules.of(Optional.empty(), Map.of()), patience);
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  @Test
  void doesNotWaitForEverForAnAnswer() throws IOException {
    var over = new CountDownLatch(1);
    var calls = new AtomicInteger();
    try (var server =
        HttpStub.handling(exchange -> {
          if (calls.incrementAndGet() > 1) {
            answer(exchange, "{\"late\": false}");
            return;
          }
          try {
            over.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        })) {
      var reply = direct(server, Duration.ofMillis(100)).json(Call.post("/x", "{}"));

      assertThat(reply.flag("late")).isFalse();
      assertThat(calls).hasValue(2);
      assertThat(waits).hasSize(1);
    } finally {
      over.countDown();
    }
  }

  @Test
  void sendsNothingTwiceBehindTheBackOfItsCaller() {
    budget = Duration.ZERO;
    var calls = new AtomicInteger();
    try (var server = HttpStub.handling(_ -> calls.incrementAndGet())) {
      var client = direct(server, Duration.ofSeconds(10));

      var failure =
          catchThrowableOfType(FailureException.class, () -> client.json(Call.post("/x", "{}")));

      assertThat(failure.failure().exit()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(calls).hasValue(1);
    }
  }

  @Test
  void asksTheProxyAndShowsItThePasswordOnly() {
    var seen = new ArrayList<String>();
    try (var proxy =
        HttpStub.handling(exchange -> {
          var headers = exchange.getRequestHeaders();
          String password = headers.getFirst("Proxy-Authorization");
          seen.add(exchange.getRequestURI() + " " + password + " " + headers.get("X-API-Key"));
          if (password == null) {
            exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"p\"");
            exchange.sendResponseHeaders(407, -1);
          } else {
            answer(exchange, "{}");
          }
        })) {
      String address = "http://joe:p%40ss@127.0.0.1:" + proxy.uri().getPort();
      var rules = ProxyRules.of(Optional.empty(), Map.of("http_proxy", address));

      var reply = client("http://sign.test:81", rules, Duration.ofSeconds(10)).json(Call.get("/x"));

      assertThat(reply.members()).isEmpty();
      String basic = "Basic " + Bytes.utf8("joe:p@ss").toBase64();
      assertThat(seen).last().asString().startsWith("http://sign.test:81/x " + basic);
    }
  }

  @Test
  void saysThatAProxyWantsAPassword() {
    try (var proxy = HttpStub.handling(exchange -> exchange.sendResponseHeaders(407, -1))) {
      var rules = ProxyRules.of(Optional.of("http://127.0.0.1:" + proxy.uri().getPort()), Map.of());

      var failure =
          catchThrowableOfType(
              FailureException.class,
              () ->
                  client("http://sign.test", rules, Duration.ofSeconds(10))
                      .json(Call.post("/x", "{}")));

      assertThat(failure.failure().exit()).isEqualTo(ExitCode.AUTHENTICATION);
      assertThat(failure.failure().what()).isEqualTo("The proxy wants a user and a password");
      assertThat(waits).isEmpty();
    }
  }
}
