// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.ApkSamples;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.KeyType;
import io.sgcsign.tool.Tool;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** APKs, signed through the packaged server and command line, judged by Debian's apksigner. */
final class ApkIT {
  private static final String SIGN = "/api/v1/sign/apk";
  private static final Bytes FILE = ApkSamples.apk(21);
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
                    .provider("ec", pki.signer("Elliptic", KeyType.EC_P256), rules)
                    .provider(
                        "any",
                        pki.signer("Any", KeyType.RSA_3072),
                        "{ \"timestamp\": \"optional\" }"));
    api = place.api();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static FormData form(Bytes file, String provider) {
    return new FormData().file(file, "a.apk").field("provider", provider);
  }

  /** Insists that apksigner and our verifier, asked for any format, agree. */
  private static void good(Bytes signed, int signatures) throws IOException {
    JsonValue.Obj report = api.post(Api.VERIFY, new FormData().file(signed, "no-name")).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.text("format")).contains("apk");
    assertThat(report.items("signatures")).hasSize(signatures);
    Path file = Files.write(folder.resolve("judged.apk"), signed.toArray());
    String said =
        Tool.require("apksigner").succeed("verify", "--min-sdk-version", "24", "-v", file);
    assertThat(said)
        .contains("Verifies", "v2 scheme (APK Signature Scheme v2): true")
        .contains("v3 scheme (APK Signature Scheme v3): true", "Number of signers: 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"android", "ec"})
  void signsTheSameByUploadAndByHash(String provider) throws IOException {
    Path path = Files.write(folder.resolve("same.apk"), FILE.toArray());

    Bytes uploaded = api.post(SIGN, form(FILE, provider)).signed();
    var run = place.sgcsign("sign", "-p", provider, path.toString());

    assertThat(run.exit()).as(run.output()).isZero();
    Bytes hashed = Bytes.wrap(Files.readAllBytes(path));
    good(uploaded, 3);
    good(hashed, 3);
    if (provider.equals("android")) {
      // PKCS#1 v1.5 knows no chance, and there is no time in an APK's signatures
      assertThat(hashed).isEqualTo(uploaded);
    }
  }

  @Test
  void doesWithSignedFilesWhatItIsTold() throws IOException {
    Bytes once = api.post(SIGN, form(FILE, "android")).signed();
    api.post(SIGN, form(once, "ec").field("if_signed", "append")).problem(Code.ALREADY_SIGNED);
    api.post(SIGN, form(once, "ec").field("if_signed", "fail")).problem(Code.ALREADY_SIGNED);
    Bytes skipped = api.post(SIGN, form(once, "android").field("if_signed", "skip")).signed();
    assertThat(skipped).isEqualTo(once);
    Bytes replaced =
        api.post(SIGN, form(once, "ec").field("if_signed", "replace").field("schemes", "v1,v2,v3"))
            .signed();
    good(replaced, 3);
  }

  @Test
  void keysForApksSignNothingElseAndNoOthersSignApks() {
    api.post(SIGN, form(FILE, "any")).problem(Code.FORMAT_NOT_ALLOWED);
    var pe = new FormData().file(PeBuilder.x64().build(), "a.exe").field("provider", "android");
    api.post(Api.SIGN, pe).problem(Code.FORMAT_NOT_ALLOWED);
  }

  @Test
  void tellsAFileThatWasChanged() {
    Bytes signed = api.post(SIGN, form(FILE, "android")).signed();
    byte[] changed = signed.toArray();
    var zip = ZipFile.parse(Artifact.of(signed));
    changed[(int) zip.entry("classes.dex").orElseThrow().dataAt() + 3] ^= 1;
    JsonValue.Obj said = api.post(Api.VERIFY, new FormData().file(Bytes.wrap(changed), "a")).good();
    assertThat(said.text("status")).contains("invalid");
    JsonValue.Obj bare = api.post(Api.VERIFY, new FormData().file(FILE, "a")).good();
    assertThat(bare.text("status")).contains("unsigned");
  }

  @Test
  void theHowToPageWorks() throws IOException {
    Path work = Files.createDirectories(folder.resolve("how-to"));
    Files.write(work.resolve("app.apk"), ApkSamples.apk(24).toArray());
    var run = new HowToPage("sign-android-packages").run(place.environment(), work);
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).contains("Verifies");
    good(Bytes.wrap(Files.readAllBytes(work.resolve("uploaded.apk"))), 3);
  }
}
