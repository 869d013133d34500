// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.net.NetException.Kind;
import io.sgcsign.net.RestClient.Call;
import io.sgcsign.tool.HttpStub;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RestClientTest {
  private static final int LIMIT = 10_000;

  private static RestClient.Answer call(URI target, Duration deadline) {
    try (var client = RestClient.open(Egress.guard(List.of(target)), Optional.empty())) {
      var headers = Map.of("Content-Type", "text/plain");
      return client.send(new Call("POST", target, headers, Bytes.utf8("hello"), deadline, LIMIT));
    }
  }

  private static void fails(HttpStub stub, Kind kind) {
    assertThatThrownBy(() -> call(stub.uri(), Duration.ofMillis(300)))
        .isInstanceOfSatisfying(NetException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void sendsTheBodyAndGivesTheAnswer() {
    try (var stub =
        HttpStub.answering(body -> new HttpStub.Answer(418, "Text/Plain; charset=utf-8", body))) {
      var answer = call(stub.uri(), Duration.ofSeconds(10));
      assertThat(answer.status()).isEqualTo(418);
      assertThat(answer.contentType()).isEqualTo("text/plain");
      assertThat(answer.body().toUtf8()).isEqualTo("hello");
    }
  }

  @Test
  void takesNoMoreThanTheLimit() {
    Bytes most = Bytes.wrap(new byte[LIMIT]);
    try (var stub = HttpStub.answering(_ -> new HttpStub.Answer(200, "x/y", most))) {
      assertThat(call(stub.uri(), Duration.ofSeconds(10)).body()).isEqualTo(most);
    }
    Bytes more = Bytes.wrap(new byte[LIMIT + 1]);
    try (var stub = HttpStub.answering(_ -> new HttpStub.Answer(200, "x/y", more))) {
      assertThatThrownBy(() -> call(stub.uri(), Duration.ofSeconds(10)))
          .isInstanceOfSatisfying(
              NetException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BROKEN));
    }
  }

  @Test
  void followsNoRedirect() {
    try (var stub =
        HttpStub.handling(exchange -> {
          exchange.getResponseHeaders().set("Location", "http://169.254.169.254/");
          exchange.sendResponseHeaders(302, -1);
        })) {
      assertThat(call(stub.uri(), Duration.ofSeconds(10)).status()).isEqualTo(302);
    }
  }

  @Test
  void givesUpOnAServerThatIsSilentOrDripsItsAnswer() throws InterruptedException {
    var over = new CountDownLatch(1);
    try (var silent =
        HttpStub.handling(_ -> {
          await(over);
        })) {
      fails(silent, Kind.TIMEOUT);
      over.countDown();
    }
    var done = new CountDownLatch(1);
    try (var dripping =
        HttpStub.handling(exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('x');
          exchange.getResponseBody().flush();
          await(done);
        })) {
      fails(dripping, Kind.TIMEOUT);
      done.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      var _ = latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void saysWhenNobodyListens() {
    URI gone;
    try (var stub = HttpStub.answering(body -> new HttpStub.Answer(200, "x/y", body))) {
      gone = stub.uri();
    }
    assertThatThrownBy(() -> call(gone, Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
  }

  @Test
  void asksTheGuardFirst() {
    try (var client = RestClient.open(Egress.guard(List.of()), Optional.empty())) {
      var target = URI.create("http://127.0.0.1:1/");
      var call = new Call("GET", target, Map.of(), Bytes.EMPTY, Duration.ofSeconds(1), LIMIT);
      assertThatThrownBy(() -> client.send(call))
          .isInstanceOfSatisfying(
              NetException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN));
    }
  }
}
