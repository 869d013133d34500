// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.pki.KeyType;
import io.sgcsign.wire.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are no programs, or lie about themselves: a clear refusal, and no use of the key. */
final class BadFilesIT {
  private static final PeBuilder PE = PeBuilder.x64();
  private static final Bytes GOOD = PE.build();
  private static final long ALMOST_4_GIB = 0xFFFF_FFF0L;

  @TempDir private static Path folder;
  private static Site site;
  private static ServerProcess server;
  private static Api api;

  @BeforeAll
  static void start() {
    site =
        Site.in(folder)
            .provider("build", TestPki.create().selfSigned("Build", KeyType.EC_P256))
            .write();
    server = site.start();
    api = Api.signedUp(server.uri());
  }

  @AfterAll
  static void stop() {
    api.close();
    server.close();
  }

  static Stream<Arguments> badFiles() {
    int table = PE.certificateEntryAt();
    int section = PE.sectionTableAt();
    return Stream.of(
        bad("empty", Bytes.EMPTY, Code.ARTIFACT_EMPTY),
        bad("one byte", Bytes.utf8("M"), Code.ARTIFACT_UNRECOGNISED),
        bad("garbage", random(4096), Code.ARTIFACT_UNRECOGNISED),
        bad("text", Bytes.utf8("#!/bin/sh\nexit 0\n"), Code.ARTIFACT_UNRECOGNISED),
        bad("half a header", GOOD.slice(0, 0x90), Code.ARTIFACT_TRUNCATED),
        bad("half a section", GOOD.slice(0, GOOD.size() - 300), Code.ARTIFACT_TRUNCATED),
        bad("DOS only", dosOnly(), Code.ARTIFACT_UNRECOGNISED),
        bad("header far away", PeBuilder.u32(GOOD, 0x3c, ALMOST_4_GIB), Code.ARTIFACT_UNRECOGNISED),
        bad(
            "section of 4 GiB",
            PeBuilder.u32(GOOD, section + 16, ALMOST_4_GIB),
            Code.ARTIFACT_TRUNCATED),
        bad(
            "section at 4 GiB",
            PeBuilder.u32(GOOD, section + 20, ALMOST_4_GIB),
            Code.ARTIFACT_TRUNCATED),
        bad("65535 sections", PeBuilder.u16(GOOD, 0x86, 0xffff), null),
        bad(
            "certificate table of 4 GiB",
            PeBuilder.u32(PeBuilder.u32(GOOD, table, GOOD.size()), table + 4, ALMOST_4_GIB),
            Code.ARTIFACT_TRUNCATED),
        bad(
            "certificate table over the headers",
            PeBuilder.u32(PeBuilder.u32(GOOD, table, 8), table + 4, GOOD.size() - 8L),
            Code.ARTIFACT_MALFORMED),
        bad(
            "certificate of 4 GiB",
            PE.withTable(GOOD, PeBuilder.entry(ALMOST_4_GIB, Bytes.wrap(new byte[16]))),
            Code.ARTIFACT_MALFORMED));
  }

  private static Arguments bad(String what, Bytes file, @Nullable Code code) {
    return Arguments.of(what, file, code);
  }

  private static Bytes random(int size) {
    byte[] out = new byte[size];
    new Random(size).nextBytes(out);
    return Bytes.wrap(out);
  }

  private static Bytes dosOnly() {
    byte[] out = new byte[512];
    out[0] = 'M';
    out[1] = 'Z';
    return Bytes.wrap(out);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFiles")
  void refusesAFileThatIsNoProgram(String what, Bytes file, @Nullable Code code) {
    Answer answer = api.sign(FormData.of(file, "build").field("description", what));

    assertThat(answer.status()).as("%s", answer).isEqualTo(422);
    assertThat(answer.string("code")).as("%s", answer).startsWith("SGC-ARTIFACT-");
    if (code != null) {
      answer.problem(code);
    }
    assertThat(api.verify(file).status()).isEqualTo(422);
    JsonValue.Obj record = recorded(answer.string("request_id"));
    assertThat(record.text("status")).contains("rejected");
    assertThat(record.items("asks")).isEmpty();
    assertThat(site.files(".upload")).isEmpty();
  }

  /** Refusals are written behind the answer. */
  private static JsonValue.Obj recorded(String id) {
    return Poll.find(
        "the refusal is recorded",
        Duration.ofSeconds(10),
        () ->
            Optional.of(api.get("/api/v1/requests/" + id))
                .filter(a -> a.status() == 200)
                .map(Answer::json));
  }

  /** Random damage: signed and then valid, or refused; never an error of the server. */
  @Test
  void staysCalmWhateverIsSent() {
    var random = new Random(4711);
    for (int i = 0; i < 150; i++) {
      Bytes file = damaged(random);
      Answer signed = api.sign(FormData.of(file, "build"));
      assertThat(signed.status()).as("%s: %s", i, signed).isIn(200, 422);
      if (signed.status() == 200) {
        assertThat(api.verify(signed.body()).good().flag("valid")).as("file %s", i).isTrue();
      } else {
        assertThat(signed.string("code")).startsWith("SGC-ARTIFACT-");
      }
      assertThat(api.verify(file).status()).isIn(200, 422);
    }
    assertThat(server.log()).doesNotContain("request.failed");
  }

  private static Bytes damaged(Random random) {
    byte[] out = GOOD.toArray();
    int headers = PE.sectionTableAt() + 80;
    for (int n = random.nextInt(4); n >= 0; n--) {
      out[random.nextInt(headers)] = (byte) random.nextInt();
    }
    int size = random.nextInt(5) == 0 ? random.nextInt(out.length) : out.length;
    return Bytes.of(out, 0, size);
  }

  @Test
  void usesNoKeyForABadFileOfAnyMode() {
    List<JsonValue.Obj> before = completed();
    for (Bytes file : List.of(Bytes.EMPTY, dosOnly(), GOOD.slice(0, 600))) {
      for (String mode : List.of("fail", "skip", "append", "replace")) {
        Answer answer = api.sign(FormData.of(file, "build").field("if_signed", mode));
        assertThat(answer.status()).as("%s", answer).isEqualTo(422);
      }
    }
    assertThat(completed()).hasSameSizeAs(before);
  }

  private static List<JsonValue.Obj> completed() {
    return api.get("/api/v1/requests?limit=100").good().items("requests").stream()
        .map(JsonValue.Obj.class::cast)
        .filter(r -> !r.items("asks").isEmpty())
        .toList();
  }
}
