// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.ApkSamples;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.KeyType;
import io.sgcsign.tool.Tool;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scheme v4 through the packaged server and command line: an APK and the file beside it, judged by
 * Debian's apksigner.
 */
final class ApkV4IT {
  private static final String SIGN = "/api/v1/sign/apk";
  private static final Bytes FILE = ApkSamples.apk(24);
  @TempDir private static Path folder;
  private static Workplace place;
  private static Api api;

  @BeforeAll
  static void start() {
    var pki = TestPki.rsa();
    String rules = "{ \"formats\": [\"apk\"], \"timestamp\": \"none\" }";
    place =
        Workplace.start(
            folder,
            pki,
            site ->
                site.provider("android", pki.signer("Android", KeyType.RSA_3072), rules)
                    .provider("ec", pki.signer("Elliptic", KeyType.EC_P256), rules));
    api = place.api();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static FormData form(String provider) {
    return new FormData().file(FILE, "a b.apk").field("provider", provider).field("v4", "true");
  }

  /** An APK and what goes beside it. */
  private record Pair(Bytes apk, Bytes idsig) {
    static Pair read(Path apk) throws IOException {
      Path idsig = apk.resolveSibling(apk.getFileName() + ".idsig");
      return new Pair(Bytes.wrap(Files.readAllBytes(apk)), Bytes.wrap(Files.readAllBytes(idsig)));
    }

    /** The parts of an answer (RFC 2046 §5.1), which tell what they are. */
    static Pair of(Answer answer) {
      assertThat(answer.status()).as("%s", answer).isEqualTo(200);
      String type = answer.header("Content-Type");
      assertThat(type).startsWith("multipart/mixed; boundary=\"").endsWith("\"");
      String boundary = type.substring(type.indexOf('"') + 1, type.length() - 1);
      String text = new String(answer.body().toArray(), StandardCharsets.ISO_8859_1);
      String[] parts = text.split("(\r\n)?--" + boundary, -1);
      assertThat(parts).hasSize(4);
      assertThat(parts[0]).isEmpty();
      assertThat(parts[3]).isEqualTo("--\r\n");
      return new Pair(part(parts[1], "a b.apk"), part(parts[2], "a b.apk.idsig"));
    }

    private static Bytes part(String part, String name) {
      int end = part.indexOf("\r\n\r\n");
      String content = part.substring(end + 4);
      assertThat(part.substring(0, end))
          .contains("Content-Type: application/octet-stream")
          .contains("Content-Disposition: attachment; filename=\"" + name + "\"")
          .contains("Content-Length: " + content.length());
      return Bytes.wrap(content.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static Answer verify(Bytes apk, Bytes idsig) {
    return api.post(Api.VERIFY, new FormData().file(apk, "x").file("companion", idsig, "x.idsig"));
  }

  /** Insists that apksigner and our verifier agree. */
  private static void good(Pair pair) throws IOException {
    JsonValue.Obj report = verify(pair.apk(), pair.idsig()).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.items("signatures")).hasSize(4);
    assertThat(report.object("facts").orElseThrow().text("schemes")).contains("v1, v2, v3, v4");
    assertThat(apksigner(pair)).contains("Verifies", "(APK Signature Scheme v4): true");
  }

  private static String apksigner(Pair pair) throws IOException {
    Path apk = Files.write(folder.resolve("judged.apk"), pair.apk().toArray());
    Path idsig = Files.write(folder.resolve("judged.idsig"), pair.idsig().toArray());
    return Tool.require("apksigner")
        .run("verify", "--min-sdk-version", "28", "-v", "--v4-signature-file", idsig, apk)
        .output();
  }

  private static Path file(String name) throws IOException {
    return Files.write(folder.resolve(name), FILE.toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"android", "ec"})
  void signsTheSameByUploadAndByHash(String provider) throws IOException {
    Pair uploaded = Pair.of(api.post(SIGN, form(provider)));
    good(uploaded);

    Path one = file(provider + "-hash.apk");
    Path two = file(provider + "-upload.apk");
    Path out = folder.resolve("out/" + provider + ".apk");
    for (List<String> words :
        List.of(
            List.of(one.toString()),
            List.of("--no-prehash", two.toString()),
            List.of("-o", out.toString(), file("in.apk").toString()))) {
      var all = new ArrayList<>(List.of("sign", "-p", provider, "--v4"));
      all.addAll(words);
      var run = place.sgcsign(all.toArray(String[]::new));
      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(run.output()).contains(".apk.idsig");
    }
    assertThat(folder.resolve("in.apk.idsig")).doesNotExist();
    for (Path path : List.of(one, two, out)) {
      Pair pair = Pair.read(path);
      good(pair);
      if (provider.equals("android")) {
        assertThat(pair).isEqualTo(uploaded); // PKCS#1 v1.5 knows no chance
      }
    }
  }

  @Test
  void answersTheSameToTheSameKey() {
    Api again = api.with("Idempotency-Key", "\"v4-1\"");
    Answer first = again.post(SIGN, form("ec"));
    Answer second = again.post(SIGN, form("ec"));
    assertThat(Pair.of(second)).isEqualTo(Pair.of(first));
    assertThat(second.header("Idempotent-Replay")).isEqualTo("true");
    assertThat(second.body()).isEqualTo(first.body());
    again.post(SIGN, form("ec").field("schemes", "v2")).problem(Code.IDEMPOTENCY_MISMATCH);
  }

  @Test
  void recordsWhatGoesBesideTheFile() throws IOException {
    Path apk = file("recorded.apk");
    var run =
        place.sgcsign("sign", "-p", "android", "--v4", "--no-prehash", "--receipt", apk.toString());
    assertThat(run.exit()).as(run.output()).isZero();
    String digest = Digest.sha256(Pair.read(apk).idsig()).toString();
    assertThat(Files.readAllLines(folder.resolve("recorded.apk.tlog-proof")))
        .anySatisfy(line ->
            assertThat(unpacked(line))
                .contains("\"beside\":{\"digest\":\"" + digest + "\",\"suffix\":\".idsig\"}"));
  }

  /** The event stands in its receipt in base64. */
  private static String unpacked(String line) {
    try {
      byte[] event = Base64.getDecoder().decode(line.substring(line.indexOf(' ') + 1));
      return new String(event, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return line;
    }
  }

  @Test
  void refusesV4WithoutV2AndV3() throws IOException {
    api.post(SIGN, form("ec").field("schemes", "v1")).problem(Code.OPTION_INVALID);
    api.post(SIGN, form("ec").field("v4", "maybe")).problem(Code.FIELD_INVALID);
    Path apk = file("v1.apk");
    var run = place.sgcsign("sign", "-p", "ec", "--v4", "--schemes", "v1", apk.toString());
    assertThat(run.exit()).isNotZero();
    assertThat(run.output()).contains("v4 stands on v2 or v3");
    assertThat(Files.readAllBytes(apk)).isEqualTo(FILE.toArray());
    assertThat(folder.resolve("v1.apk.idsig")).doesNotExist();
  }

  @Test
  void tellsAFileBesideThatIsNotOfThisApk() throws IOException {
    Pair pair = Pair.of(api.post(SIGN, form("android")));
    byte[] changed = pair.idsig().toArray();
    changed[30] ^= 1;
    var wrong = new Pair(pair.apk(), Bytes.wrap(changed));
    assertThat(verify(wrong.apk(), wrong.idsig()).good().text("status")).contains("invalid");
    assertThat(apksigner(wrong)).doesNotContain("Scheme v4): true");
    for (Bytes rubbish :
        List.of(
            Bytes.EMPTY,
            Bytes.utf8("rubbish"),
            pair.idsig().slice(0, 500),
            Bytes.concat(Bytes.fromHex("02000000ffffff7f"), Bytes.wrap(new byte[20 << 20])))) {
      verify(pair.apk(), rubbish).problem(Code.ARTIFACT_MALFORMED);
    }
    var twice =
        new FormData()
            .file(pair.apk(), "x")
            .file("companion", pair.idsig(), "x")
            .file("companion", pair.idsig(), "x");
    api.post(Api.VERIFY, twice).problem(Code.FIELD_INVALID);
    verify(PeBuilder.x64().build(), pair.idsig()).problem(Code.FIELD_INVALID);
  }

  @Test
  void theCommandLineLooksAtTheFileBeside() throws IOException {
    Path apk = file("beside.apk");
    assertThat(place.sgcsign("sign", "-p", "android", "--v4", apk.toString()).exit()).isZero();
    Path idsig = folder.resolve("beside.apk.idsig");
    for (List<String> words :
        List.of(
            List.of("verify"), List.of("verify", "--remote"), List.of("gate", "--no-timestamp"))) {
      assertThat(run(words, apk).exit()).as("%s", words).isZero();
    }
    assertThat(run(List.of("verify"), apk).output()).contains("v1, v2, v3, v4");
    var skipped =
        place.sgcsign("sign", "-p", "android", "--v4", "--if-signed", "skip", apk.toString());
    assertThat(skipped.output()).contains("skipped");

    // signed again without v4: what lies beside is of another signature
    var run = place.sgcsign("sign", "-p", "ec", apk.toString());
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).contains("beside.apk.idsig beside it is of an earlier signature");
    for (List<String> words :
        List.of(
            List.of("verify"), List.of("verify", "--remote"), List.of("gate", "--no-timestamp"))) {
      assertThat(run(words, apk).exit()).as("%s", words).isNotZero();
    }
    Files.delete(idsig);
    assertThat(run(List.of("verify"), apk).exit()).isZero();

    Path other = file("removed.apk");
    assertThat(place.sgcsign("sign", "-p", "ec", "--v4", other.toString()).exit()).isZero();
    var removed = run(List.of("remove"), other);
    assertThat(removed.exit()).as(removed.output()).isZero();
    assertThat(removed.output()).contains("removed.apk.idsig beside it is of an earlier signature");
    assertThat(Files.readAllBytes(other)).isEqualTo(FILE.toArray());
  }

  private static Packaged.Run run(List<String> words, Path file) {
    var all = new ArrayList<>(words);
    all.add(file.toString());
    return place.sgcsign(all.toArray(String[]::new));
  }
}
