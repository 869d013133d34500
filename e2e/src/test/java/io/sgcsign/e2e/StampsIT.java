// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.assembly.TestTsa;
import io.sgcsign.assembly.TokenIssuer;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.tool.HttpStub;
import io.sgcsign.wire.Code;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One rule for time stamps everywhere: who asks whom, and what leaves without one. */
final class StampsIT {
  private static final Bytes FILE = Programs.x64();
  private static final AtomicInteger NAMED = new AtomicInteger();
  private static final CountDownLatch ASKED = new CountDownLatch(1);
  private static final CountDownLatch LATE = new CountDownLatch(1);
  @TempDir private static Path folder;
  private static TestPki pki;
  private static HttpStub good;
  private static HttpStub named;
  private static HttpStub slow;
  private static URI dead;
  private static Place stamping;
  private static Place bare;
  private static Place down;

  /** A server and its client. */
  private record Place(ServerProcess server, Api api) implements AutoCloseable {
    @Override
    public void close() {
      api.close();
      server.close();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    pki = TestPki.create();
    TokenIssuer issuer = TestTsa.of(pki.stamper(), InstantSource.system());
    good = HttpStub.answering(request -> token(issuer, request));
    named =
        HttpStub.answering(request -> {
          NAMED.incrementAndGet();
          return token(issuer, request);
        });
    slow =
        HttpStub.answering(request -> {
          ASKED.countDown();
          await(LATE);
          return token(issuer, request);
        });
    dead = URI.create("http://127.0.0.1:" + Site.freePort() + "/");
    Issued authentic = pki.signer("Released", KeyType.EC_P256);
    Issued own = pki.selfSigned("Own", KeyType.EC_P256);
    stamping = place("stamping", authentic, own, List.of(dead, good.uri()));
    bare = place("bare", authentic, own, List.of());
    down = place("down", authentic, own, List.of(dead));
  }

  private static HttpStub.Answer token(TokenIssuer issuer, Bytes request) {
    return new HttpStub.Answer(200, "application/timestamp-reply", issuer.respond(request));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Place place(String name, Issued authentic, Issued own, List<URI> authorities)
      throws Exception {
    Path home = Files.createDirectory(folder.resolve(name));
    var _ = pki.rootFile(home);
    String list =
        String.join(
            ",",
            authorities.stream()
                .map(u -> "{ \"url\": \"%s\", \"anchors_file\": \"root.pem\" }".formatted(u))
                .toList());
    var server =
        Site.in(home)
            .provider("ca", authentic)
            .provider("self", own)
            .provider("relaxed", authentic, "{ \"timestamp\": \"optional\" }")
            .provider("strict", own, "{ \"timestamp\": \"required\" }")
            .rawProvider(
                """
                { "name": "slow", "type": "PFX", "tsa_url": "%s",
                  "params": { "file": "self.pfx", "password_env": "E2E_PFX_PW" } }
                """
                    .formatted(slow.uri()))
            .member(
                "timestamping",
                "{ \"authorities\": [%s], \"allowed\": [\"%s\"] }".formatted(list, named.uri()))
            .member("trust", "{ \"anchors_file\": \"root.pem\" }")
            .write()
            .start();
    return new Place(server, Api.signedUp(server.uri()));
  }

  @AfterAll
  static void stop() {
    LATE.countDown();
    for (AutoCloseable each : List.of(stamping, bare, down, good, named, slow)) {
      try {
        each.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private static Place at(String name) {
    return switch (name) {
      case "stamping" -> stamping;
      case "bare" -> bare;
      default -> down;
    };
  }

  private static FormData form(String provider, String timestamp) {
    var form = FormData.of(FILE, provider);
    return timestamp.equals("-") ? form : form.field("timestamp", timestamp);
  }

  @ParameterizedTest(name = "{0} server, provider {1}, timestamp={2}: {3}")
  @CsvSource({
    "stamping, ca, -, stamped",
    "stamping, ca, required, stamped",
    "stamping, ca, optional, TIMESTAMP_REQUIRED",
    "stamping, ca, none, TIMESTAMP_REQUIRED",
    "stamping, self, -, stamped",
    "stamping, self, none, unstamped",
    "stamping, self, required, stamped",
    "stamping, relaxed, -, stamped",
    "stamping, relaxed, none, unstamped",
    "stamping, strict, none, TIMESTAMP_REQUIRED",
    "bare, ca, -, TIMESTAMP_REQUIRED",
    "bare, ca, none, TIMESTAMP_REQUIRED",
    "bare, ca, optional, TIMESTAMP_REQUIRED",
    "bare, self, -, unstamped",
    "bare, self, optional, unstamped",
    "bare, self, required, TIMESTAMP_REQUIRED",
    "bare, relaxed, -, unstamped",
    "bare, relaxed, required, TIMESTAMP_REQUIRED",
    "bare, strict, -, TIMESTAMP_REQUIRED",
    "down, ca, -, TSA_UNAVAILABLE",
    "down, self, -, unstamped",
    "down, self, required, TSA_UNAVAILABLE",
    "down, relaxed, -, unstamped",
  })
  void stampsOrWarnsOrRefuses(String server, String provider, String timestamp, String end) {
    Api api = at(server).api();

    Answer answer = api.sign(form(provider, timestamp));

    switch (end) {
      case "stamped" -> {
        JsonValue.Obj report = api.verify(answer.signed()).good();
        assertThat(report.flag("valid")).as("%s", report).isTrue();
        assertThat(report.flag("has_timestamp")).isTrue();
        assertThat(report.flag("survives_expiry")).isTrue();
        assertThat(answer.header("X-Sgcsign-Warning")).isEmpty();
      }
      case "unstamped" -> {
        JsonValue.Obj report = api.verify(answer.signed()).good();
        assertThat(report.flag("has_timestamp")).isFalse();
        assertThat(report.flag("survives_expiry")).isFalse();
        assertThat(answer.header("X-Sgcsign-Warning")).contains("no time stamp", "expires on");
      }
      default -> {
        Answer problem = answer.problem(Code.valueOf(end));
        if (problem.status() == 503) {
          assertThat(problem.header("Retry-After")).matches("\\d+");
        }
      }
    }
  }

  @Test
  void namesTheLinesThatMendAMissingAuthority() {
    Answer answer = bare.api().sign(form("ca", "-")).problem(Code.TIMESTAMP_REQUIRED);

    assertThat(answer.string("hint"))
        .contains("tsa_url=http", "--tsa", "\"timestamping\"", "\"authorities\"", "\"url\"");
  }

  @Test
  void asksTheAuthorityThatIsNamedIfItMay() {
    int before = NAMED.get();
    var form = FormData.of(FILE, "ca").field("tsa_url", named.uri().toString());

    Answer answer = bare.api().sign(form);

    assertThat(bare.api().verify(answer.signed()).good().flag("has_timestamp")).isTrue();
    assertThat(NAMED.get()).isEqualTo(before + 1);
    var other = FormData.of(FILE, "self").field("tsa_url", good.uri().toString());
    bare.api().sign(other).problem(Code.TSA_NOT_ALLOWED);
    var both = form("self", "none").field("tsa_url", named.uri().toString());
    bare.api().sign(both).problem(Code.FIELD_INVALID);
  }

  @Test
  void asksAnAuthorityOfTheConfigurationByItsUrl() {
    var form = FormData.of(FILE, "self").field("tsa_url", good.uri().toString());

    Bytes signed = stamping.api().sign(form).signed();

    assertThat(stamping.api().verify(signed).good().flag("has_timestamp")).isTrue();
  }

  @Test
  void recordsASignatureThatWasMadeButNotStampedAsDiscarded() {
    Answer answer = down.api().sign(form("ca", "-")).problem(Code.TSA_UNAVAILABLE);

    ended(down.api(), answer.string("request_id"), "discarded");
  }

  @Test
  void endsEveryItemOfABatchThatCouldNotBeStamped() {
    var context = RemoteSigner.context(down.api(), "ca", "sha256");
    Map<String, String> options = Map.of("hash", "sha256");
    var items =
        List.of(1, 2, 3).stream()
            .map(i ->
                HashRequest.Item.of(
                    "f" + i, RemoteSigner.imprint(Programs.numbered(i), options, context)))
            .toList();

    Answer answer = down.api().hash(new HashRequest("ca", Optional.empty(), options, items));

    for (JsonValue value : answer.good().items("items")) {
      var item = (JsonValue.Obj) value;
      assertThat(item.object("problem").flatMap(p -> p.text("code")))
          .contains(Code.TSA_UNAVAILABLE.wireName());
      ended(down.api(), item.text("request_id").orElseThrow(), "discarded");
    }
  }

  /** Ends of what failed are written behind the answer. */
  private static void ended(Api api, String request, String status) {
    Poll.until(
        request + " is " + status,
        Duration.ofSeconds(10),
        () ->
            api.get("/api/v1/requests/" + request)
                .json()
                .text("status")
                .equals(Optional.of(status)));
  }

  @Test
  void freesTheIdempotencyKeyOfARequestThatFailed() {
    Api keyed = down.api().with("Idempotency-Key", "again");
    Answer failed = keyed.sign(form("self", "required")).problem(Code.TSA_UNAVAILABLE);
    ended(down.api(), failed.string("request_id"), "discarded");

    keyed.sign(form("self", "required")).problem(Code.TSA_UNAVAILABLE);
  }

  @Test
  void refusesTheSecondOfTwoEqualRequestsWhileTheFirstRuns() {
    Api keyed = bare.api().with("Idempotency-Key", "at-once");
    try (var first = new Running(() -> keyed.sign(FormData.of(FILE, "slow")))) {
      await(ASKED);
      Answer second = keyed.sign(form("slow", "-"));
      second.problem(Code.IDEMPOTENCY_IN_PROGRESS);
      assertThat(second.header("Retry-After")).matches("\\d+");
      LATE.countDown();
      Answer done = first.answer();
      Answer replay = keyed.sign(form("slow", "-"));
      assertThat(replay.signed()).isEqualTo(done.signed());
      assertThat(replay.header("Idempotent-Replay")).isEqualTo("true");
    }
  }

  /** A request in another thread. */
  private record Running(CompletableFuture<Answer> future) implements AutoCloseable {
    Running(Supplier<Answer> call) {
      this(CompletableFuture.supplyAsync(call));
    }

    Answer answer() {
      return future.join();
    }

    @Override
    public void close() {
      LATE.countDown();
      var _ = future.join();
    }
  }
}
