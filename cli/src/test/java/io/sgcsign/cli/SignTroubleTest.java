// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.FakeServer.Seen;
import io.sgcsign.cli.FakeServer.Trouble;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.Issued;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that misbehaves: the same key again, or a clear end with nothing written. */
final class SignTroubleTest {
  private static final Issued KEY = Desk.key("Fake");
  @TempDir private Path folder;
  private FakeServer server;
  private Desk desk;
  private Path file;

  @BeforeEach
  void start() {
    server = new FakeServer(KEY);
    desk = Desk.in(folder, server);
    file = desk.program("app.exe", 1);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String[] how(boolean upload) {
    return upload ? new String[] {"app.exe", "--no-prehash"} : new String[] {"app.exe"};
  }

  private void signed(Desk.Run run) {
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(Desk.read(file)).isNotEqualTo(Desk.program(1));
    assertThat(desk.files()).containsExactly("app.exe");
    assertThat(server.faults()).isEmpty();
    assertThat(server.uses()).as("signed once").hasSize(1);
  }

  /** What, why, how to fix; the file is as it was and alone. */
  private void failed(Desk.Run run, ExitCode exit, String... words) {
    assertThat(run.exit()).as(run.err()).isEqualTo(exit);
    assertThat(run.failure()).as(run.err()).hasSize(3);
    assertThat(run.failure().get(0)).startsWith("sgcsign: app.exe: ");
    assertThat(run.failure().get(1)).startsWith("  why: ");
    assertThat(run.failure().get(2)).startsWith("  fix: ").hasSizeGreaterThan(10);
    assertThat(words).allSatisfy(word -> assertThat(run.err()).contains(word));
    assertThat(run.out()).isEmpty();
    assertThat(Desk.read(file)).isEqualTo(Desk.program(1));
    assertThat(desk.files()).containsExactly("app.exe");
    assertThat(server.faults()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void triesAgainWithTheSameKeyUntilTheServerIsBack(boolean upload) {
    server.meets(Trouble.status(503), Trouble.cut(), Trouble.status(502), Trouble.cut());

    Desk.Run run = desk.sign(how(upload));

    signed(run);
    assertThat(server.seen()).hasSize(5);
    assertThat(server.seen().stream().map(Seen::keys).distinct()).hasSize(1);
    assertThat(desk.time().waits()).hasSize(4).allMatch(w -> w.toMillis() <= 4000);
    assertThat(run.err()).containsOnlyOnce("trying again for up to 10 min");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void waitsAsLongAsTheServerAsks(boolean upload) {
    server.meets(Trouble.status(429, "Retry-After", "7"));

    signed(desk.sign(how(upload)));

    assertThat(desk.time().waits()).singleElement().matches(w -> w.toMillis() >= 7000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesUpWhenTheTimeIsOver(boolean upload) {
    Trouble[] always = new Trouble[200];
    Arrays.fill(always, Trouble.status(503));
    server.meets(always);

    failed(desk.sign(how(upload)), ExitCode.UNAVAILABLE, "HTTP status 503", "sgcsign health");

    Duration waited = desk.time().waits().stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(waited).isEqualTo(Duration.ofMinutes(10));
    assertThat(server.seen().stream().map(Seen::keys).distinct()).hasSize(1);
  }

  @Test
  void triesOnlyOnceWhenToldSo() {
    server.meets(Trouble.status(503));

    failed(desk.sign("app.exe", "--retry-for", "0"), ExitCode.UNAVAILABLE);

    assertThat(desk.time().waits()).isEmpty();
    assertThat(server.seen()).hasSize(1);
  }

  @Test
  void doesNotWaitLongerThanItMay() {
    server.meets(Trouble.status(429, "Retry-After", "3600"));

    failed(desk.sign("app.exe"), ExitCode.LIMITED, "HTTP status 429");

    assertThat(desk.time().waits()).isEmpty();
  }

  @Test
  void triesAnItemAgainThatCanSucceedLater() {
    var refuse = new AtomicInteger(2);
    server.says(imprint ->
        refuse.getAndDecrement() > 0
            ? json -> {
              json.writeStartObject();
              json.writeName("problem");
              Problem.of(Code.TSA_UNAVAILABLE, "no stamp today").write(json);
              json.writeEndObject();
            }
            : FakeServer.blockItem(server.block(imprint)));
    server.forgets(true);

    Desk.Run run = desk.sign("app.exe");

    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(server.seen()).hasSize(3);
    assertThat(server.seen().stream().map(Seen::keys).distinct()).hasSize(1);
    assertThat(desk.time().waits()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "CREDENTIALS_INVALID",
        "KEY_MALFORMED",
        "FORBIDDEN",
        "TIMESTAMP_REQUIRED",
        "PROVIDER_UNKNOWN",
        "BODY_TOO_LARGE",
        "INTERNAL"
      })
  void endsAtOnceWithTheServersReason(Code code) {
    ExitCode exit =
        switch (code) {
          case CREDENTIALS_INVALID, KEY_MALFORMED -> ExitCode.AUTHENTICATION;
          case FORBIDDEN, TIMESTAMP_REQUIRED -> ExitCode.DENIED;
          case PROVIDER_UNKNOWN -> ExitCode.USAGE;
          case BODY_TOO_LARGE -> ExitCode.NOT_SIGNABLE;
          default -> ExitCode.UNEXPECTED;
        };
    for (boolean upload : new boolean[] {false, true}) {
      server.meets(
          Trouble.problem(Problem.of(code, "Because of this.", "Do that.").withRequestId("req_9")));

      Desk.Run run = desk.sign(how(upload));

      if (upload && code.status() == 401) {
        // the JDK keeps the rest of such an answer from us
        failed(run, exit, "does not accept the credential", "status 401\n", "SGCSIGN_APIKEY");
      } else {
        failed(run, exit, "Because of this. (" + code.wireName() + ", request req_9)", "Do that.");
      }
      assertThat(desk.time().waits()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 407, 413, 301})
  void namesStatusCodesOfProxiesAndOtherServers(int status) {
    server.meets(Trouble.status(status, "Location", "https://elsewhere.test/"));
    ExitCode exit =
        switch (status) {
          case 301 -> ExitCode.USAGE;
          case 401, 407 -> ExitCode.AUTHENTICATION;
          case 413 -> ExitCode.NOT_SIGNABLE;
          default -> ExitCode.UNEXPECTED;
        };

    failed(
        desk.sign("app.exe"), exit, status == 301 ? "https://elsewhere.test/" : "status " + status);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void doesNotTakeAPageForASignature(boolean upload) {
    server.meets(Trouble.html());

    failed(
        desk.sign(how(upload)),
        ExitCode.UNEXPECTED,
        "no sgcsign server at " + server.uri().toString().replaceAll("/$", ""));
  }

  private void blocks(UnaryOperator<SignatureBlock> change) {
    server.says(imprint -> FakeServer.blockItem(change.apply(server.block(imprint))));
  }

  @Test
  void writesNothingWithABlockForAnotherDigest() {
    server.says(imprint ->
        FakeServer.blockItem(
            server.block(
                new Imprint(
                    imprint.format(),
                    imprint.kind(),
                    Digest.sha256(Bytes.utf8("another file")),
                    imprint.artifact(),
                    imprint.signer(),
                    imprint.parts(),
                    imprint.facts()))));

    failed(desk.sign("app.exe"), ExitCode.INVALID, "is untouched", "SGC-VERIFICATION-FAILED");
  }

  @Test
  void writesNothingWithABlockOfAnotherKey() {
    Issued other = Desk.key("Fake");
    server.says(imprint ->
        FakeServer.blockItem(
            FakeServer.block(
                new Imprint(
                    imprint.format(),
                    imprint.kind(),
                    imprint.digest(),
                    imprint.artifact(),
                    other.chain().fingerprint(),
                    imprint.parts(),
                    imprint.facts()),
                other)));

    failed(desk.sign("app.exe"), ExitCode.INVALID, "0 of 1 new signatures");
  }

  @Test
  void writesNothingWithATruncatedBlock() {
    blocks(block -> {
      Bytes der = ((SignatureBlock.Cms) block).der();
      return new SignatureBlock.Cms(der.slice(0, der.size() - 16));
    });

    failed(desk.sign("app.exe"), ExitCode.INVALID, "is untouched");
  }

  @Test
  void tellsThatARequestWaitsForApproval() {
    server.says(_ ->
        json -> {
          json.writeStartObject();
          json.writeObjectPropertyStart("pending");
          json.writeNumberProperty("approvals_missing", 1);
          json.writeEndObject();
          json.writeEndObject();
        });

    Desk.Run run = desk.sign("app.exe");

    assertThat(run.exit()).isEqualTo(ExitCode.PENDING);
    assertThat(run.out()).isEqualTo("pending  app.exe  request req_0\n");
    assertThat(Desk.read(file)).isEqualTo(Desk.program(1));
    assertThat(desk.files()).containsExactly("app.exe");
  }

  @Test
  void tellsOneExitCodeForFilesThatEndDifferently() {
    var _ = desk.write("broken.exe", Desk.program(2).slice(0, 100));
    var _ = desk.write("text.txt", Bytes.utf8("hello"));

    Desk.Run run = desk.sign("app.exe", "broken.exe", "text.txt");

    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.PARTIAL);
    assertThat(run.out())
        .isEqualTo("signed   app.exe  CN=Fake, O=sgcsign TEST\\, not for production\n");
    assertThat(run.err()).contains("sgcsign: broken.exe, text.txt: ", "1 signed, 2 failed");
    assertThat(desk.files()).containsExactly("app.exe", "broken.exe", "text.txt");
    assertThat(desk.sign("broken.exe", "text.txt").exit()).isEqualTo(ExitCode.NOT_SIGNABLE);
  }

  @Test
  void endsWhenNobodyListens() {
    server.close();

    Desk.Run run = desk.sign("app.exe", "--retry-for", "30s");

    failed(run, ExitCode.UNAVAILABLE, "nothing answers there", "sgcsign health");
    assertThat(desk.time().waits()).isNotEmpty();
  }
}
