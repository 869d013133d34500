// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.JarSamples;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.KeyType;
import io.sgcsign.tool.Tool;
import io.sgcsign.wire.Code;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JAR files, signed through the packaged server and command line, judged by jarsigner. */
final class JarIT {
  private static final String SIGN = "/api/v1/sign/jar";
  private static final Bytes FILE = JarSamples.jar();
  @TempDir private static Path folder;
  private static Judges judges;
  private static Workplace place;
  private static Api api;

  @BeforeAll
  static void start() throws IOException, GeneralSecurityException {
    var pki = TestPki.rsa();
    var rsa = pki.signer("rsa", KeyType.RSA_3072);
    var ec = pki.signer("ec", KeyType.EC_P256);
    String rules = "{ \"timestamp\": \"optional\" }";
    place =
        Workplace.start(
            folder, pki, site -> site.provider("release", rsa, rules).provider("ec", ec, rules));
    judges = Judges.of(folder, pki, rsa, ec);
    api = place.api();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static FormData form(Bytes file, String provider) {
    return new FormData().file(file, "a.jar").field("provider", provider);
  }

  /** Insists that jarsigner -strict and our verifier, asked for any format, agree. */
  private static void good(Bytes signed, boolean stamped) throws IOException {
    JsonValue.Obj report = api.post(Api.VERIFY, new FormData().file(signed, "no-name")).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.text("format")).contains("jar");
    assertThat(report.flag("has_timestamp")).isEqualTo(stamped);
    judges.jarsigner(signed, stamped);
  }

  @ParameterizedTest
  @ValueSource(strings = {"release", "ec"})
  void signsByUploadAndByHash(String provider) throws IOException {
    Path path = Files.write(folder.resolve("same.jar"), FILE.toArray());

    Bytes uploaded = api.post(SIGN, form(FILE, provider).field("timestamp", "none")).signed();
    var run = place.sgcsign("sign", "-p", provider, "--timestamp", "none", path.toString());

    assertThat(run.exit()).as(run.output()).isZero();
    good(uploaded, false);
    good(Bytes.wrap(Files.readAllBytes(path)), false);
    good(api.post(SIGN, form(FILE, provider)).signed(), true);
  }

  @Test
  void signsAnAppBundleAsGooglePlayWantsIt() throws IOException {
    Path path = Files.write(folder.resolve("app.aab"), JarSamples.bundle().toArray());
    var run = place.sgcsign("sign", "-p", "release", "--json", path.toString());
    assertThat(run.exit()).as(run.output()).isZero();
    good(Bytes.wrap(Files.readAllBytes(path)), true);
  }

  @Test
  void sendsLittleOfALargeFile() throws IOException {
    Path path = large(folder.resolve("large.jar"));
    long size = Files.size(path);
    var environment = new HashMap<>(place.environment());
    environment.put("JAVA_TOOL_OPTIONS", "-Xmx64m");
    try (var meter = Meter.before(place.server().uri())) {
      environment.put("SGCSIGN_SERVER", meter.uri().toString());
      var run =
          Packaged.run(
              Packaged.client("sign", "-p", "release", path.toString()), environment, folder);
      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(meter.bodies()).isBetween(200L, 2048L);
    }
    assertThat(Files.size(path)).isGreaterThan(size);
    String said = Tool.require("env").succeed(Judges.JARSIGNER, "-verify", path);
    assertThat(said).contains("jar verified.");
  }

  /** 200 MB that no compression makes smaller. */
  private static Path large(Path path) throws IOException {
    var random = new Random(7);
    byte[] step = new byte[1_000_000];
    try (var zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(path)))) {
      zip.setLevel(0);
      for (int entry = 0; entry < 20; entry++) {
        zip.putNextEntry(new ZipEntry("data/" + entry + ".class"));
        for (int i = 0; i < 10; i++) {
          random.nextBytes(step);
          zip.write(step);
        }
        zip.closeEntry();
      }
    }
    return path;
  }

  @Test
  void doesWithSignedFilesWhatItIsTold() throws IOException {
    Bytes once = api.post(SIGN, form(FILE, "release")).signed();
    api.post(SIGN, form(once, "ec").field("if_signed", "fail")).problem(Code.ALREADY_SIGNED);
    Bytes twice = api.post(SIGN, form(once, "ec").field("if_signed", "append")).signed();
    JsonValue.Obj report = api.post(Api.VERIFY, new FormData().file(twice, "a")).good();
    assertThat(report.items("signatures")).hasSize(2);
    good(twice, true);
    Bytes replaced = api.post(SIGN, form(twice, "ec").field("if_signed", "replace")).signed();
    report = api.post(Api.VERIFY, new FormData().file(replaced, "a")).good();
    assertThat(report.items("signatures")).hasSize(1);
    good(replaced, true);
    assertThat(api.post(SIGN, form(once, "release").field("if_signed", "skip")).signed())
        .isEqualTo(once);
  }

  @Test
  void tellsAFileThatWasChanged() {
    Bytes signed = api.post(SIGN, form(FILE, "release")).signed();
    byte[] changed = signed.toArray();
    var zip = ZipFile.parse(Artifact.of(signed));
    changed[(int) zip.entry("acme/Main.class").orElseThrow().dataAt() + 3] ^= 1;
    JsonValue.Obj bare = api.post(Api.VERIFY, new FormData().file(FILE, "a")).good();
    assertThat(bare.text("status")).contains("unsigned");
    JsonValue.Obj said = api.post(Api.VERIFY, new FormData().file(Bytes.wrap(changed), "a")).good();
    assertThat(said.text("status")).contains("invalid");
    for (Bytes bad :
        List.of(signed.slice(0, signed.size() - 9), Bytes.concat(signed, Bytes.utf8("more")))) {
      assertThat(api.post(Api.VERIFY, new FormData().file(bad, "a.jar")).status())
          .isBetween(400, 499);
    }
  }

  @Test
  void theHowToPageWorks() throws IOException {
    Path work = Files.createDirectories(folder.resolve("how-to"));
    Files.write(work.resolve("app.jar"), FILE.toArray());
    Files.write(work.resolve("shop.war"), FILE.toArray());
    Files.write(work.resolve("app.aab"), JarSamples.bundle().toArray());
    Files.copy(judges.root(), work.resolve("root.pem"));
    var run = new HowToPage("sign-jar-files").run(place.environment(), work);
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).contains("jar verified.", "CMS Verification successful");
    good(Bytes.wrap(Files.readAllBytes(work.resolve("uploaded.jar"))), true);
  }
}
