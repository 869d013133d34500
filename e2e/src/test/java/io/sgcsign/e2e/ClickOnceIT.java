// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.ManifestOracle;
import io.sgcsign.format.ManifestSamples;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.pe.SampleProgram;
import io.sgcsign.pki.KeyType;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ClickOnce manifests, signed through the packaged server and command line, judged by others. */
final class ClickOnceIT {
  private static final String SIGN = "/api/v1/sign/clickonce";
  private static final Bytes FILE = ManifestSamples.application();
  private static final String FILES = "Application Files/Acme_1_0_0_0/";
  @TempDir private static Path folder;
  private static Judges judges;
  private static Workplace place;
  private static Api api;

  @BeforeAll
  static void start() {
    var pki = TestPki.rsa();
    judges = Judges.of(folder, pki);
    String rules = "{ \"timestamp\": \"optional\" }";
    place =
        Workplace.start(
            folder,
            pki,
            site ->
                site.provider("release", pki.signer("Release", KeyType.RSA_3072), rules)
                    .provider("ec", pki.signer("Elliptic", KeyType.EC_P256), rules));
    api = place.api();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static FormData form(Bytes file) {
    return form(file, "release");
  }

  private static FormData form(Bytes file, String provider) {
    return new FormData().file(file, "a.manifest").field("provider", provider);
  }

  private static JsonValue.Obj report(Bytes file) {
    return api.post(Api.VERIFY, new FormData().file(file, "no-name")).good();
  }

  /** Insists that xmllint, openssl and our verifier, asked for any format, agree. */
  private static void good(Bytes signed, boolean stamped) throws IOException {
    JsonValue.Obj report = report(signed);
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.text("format")).contains("clickonce");
    assertThat(report.flag("has_timestamp")).isEqualTo(stamped);
    judges.clickonce(signed, stamped);
  }

  private static Bytes byHash(String name, Bytes file, String... more) throws IOException {
    Path path = Files.write(folder.resolve(name), file.toArray());
    var command = new ArrayList<>(Packaged.client("sign", "-p", "release", path.toString()));
    command.addAll(List.of(more));
    var run = Packaged.run(command, place.environment(), folder);
    assertThat(run.exit()).as(run.output()).isZero();
    return Bytes.wrap(Files.readAllBytes(path));
  }

  @Test
  void signsTheSameBytesByUploadAndByHash() throws IOException {
    for (Bytes file : List.of(FILE, ManifestSamples.deployment())) {
      Bytes uploaded = api.post(SIGN, form(file).field("timestamp", "none")).signed();
      Bytes hashed = byHash("same.manifest", file, "--timestamp", "none");
      assertThat(hashed).isEqualTo(uploaded);
      good(uploaded, false);
      good(api.post(SIGN, form(file)).signed(), true);
      good(byHash("stamped.manifest", file), true);
    }
  }

  @Test
  void signsAPublishFolderWholeByUploadAndByHash() throws IOException {
    Bytes program = SampleProgram.create();
    Bytes archive = ManifestSamples.published(program, Bytes.utf8("MZ no program"));
    Bytes uploaded = api.post(SIGN, form(archive).field("timestamp", "none")).signed();
    Bytes hashed = byHash("publish.zip", archive, "--timestamp", "none");
    assertThat(contents(hashed)).isEqualTo(contents(uploaded));
    folderIsGood(uploaded, program, false);
    folderIsGood(api.post(SIGN, form(archive)).signed(), program, true);
    Bytes whole = byHash("whole.zip", archive, "--sign-payload");
    String name = FILES + "Acme.exe.deploy";
    JsonValue.Obj own = report(entry(whole, name));
    assertThat(own.text("format")).contains("authenticode");
    assertThat(own.flag("valid")).as("%s", own).isTrue();
    folderIsGood(whole, entry(whole, name), true);
    Bytes uploadedWhole = api.post(SIGN, form(archive).field("sign_payload", "true")).signed();
    folderIsGood(uploadedWhole, entry(uploadedWhole, name), true);
  }

  private static void folderIsGood(Bytes archive, Bytes program, boolean stamped)
      throws IOException {
    JsonValue.Obj report = report(archive);
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.items("signatures")).hasSize(2);
    Bytes application = entry(archive, FILES + "Acme.exe.manifest");
    Bytes deployment = entry(archive, "Acme.application");
    judges.clickonce(application, stamped);
    judges.clickonce(deployment, stamped);
    ManifestOracle.names(deployment, application);
    ManifestOracle.names(application, program);
  }

  private static Bytes entry(Bytes archive, String name) throws IOException {
    return Objects.requireNonNull(contents(archive).get(name), name);
  }

  /** What the JDK's reader finds in an archive. */
  private static Map<String, Bytes> contents(Bytes archive) throws IOException {
    Path path = Files.write(folder.resolve("contents.zip"), archive.toArray());
    var out = new TreeMap<String, Bytes>();
    try (var zip = new ZipFile(path.toFile())) {
      for (var entry : zip.stream().toList()) {
        out.put(entry.getName(), Bytes.wrap(zip.getInputStream(entry).readAllBytes()));
      }
    }
    return out;
  }

  @Test
  void aRepeatedRequestGetsTheSameSignature() {
    Api once = api.with("Idempotency-Key", "manifest-1");
    Bytes first = once.post(SIGN, form(FILE)).signed();
    assertThat(once.post(SIGN, form(FILE)).signed()).isEqualTo(first);
  }

  @Test
  void refusesASecondSignatureAndKeysWindowsDoesNotKnow() throws IOException {
    Bytes signed = api.post(SIGN, form(FILE)).signed();
    api.post(SIGN, form(signed).field("if_signed", "append")).problem(Code.ALREADY_SIGNED);
    api.post(SIGN, form(signed).field("if_signed", "fail")).problem(Code.ALREADY_SIGNED);
    api.post(SIGN, form(FILE, "ec")).problem(Code.CERTIFICATE_UNFIT);
    api.post(SIGN, form(FILE).field("hash", "sha1")).problem(Code.SHA1_NOT_ALLOWED);
    good(api.post(SIGN, form(signed).field("if_signed", "replace")).signed(), true);
  }

  @Test
  void tellsAManifestThatWasChanged() {
    String signed = api.post(SIGN, form(FILE)).signed().toUtf8();
    Bytes changed = Bytes.utf8(signed.replace("lib\\Acme.Core.dll", "lib\\Acme.Evil.dll"));
    assertThat(report(changed).text("status")).contains("invalid");
    Bytes forged = Bytes.utf8(signed.replaceFirst("<SignatureValue>....", "<SignatureValue>AAAA"));
    assertThat(report(forged).text("status")).contains("invalid");
    assertThat(report(FILE).text("status")).contains("unsigned");
    for (String bad : List.of(signed + "x", signed.substring(0, signed.length() - 100))) {
      var asked = new FormData().file(Bytes.utf8(bad), "a").field("format", "clickonce");
      api.post(Api.VERIFY, asked).problem(Code.ARTIFACT_MALFORMED);
    }
  }

  @Test
  void theHowToPageWorks() throws IOException {
    Path work = Files.createDirectories(folder.resolve("how-to"));
    Files.write(work.resolve("Acme.exe.manifest"), FILE.toArray());
    for (String name : List.of("Acme.application", "Upload.application")) {
      Files.write(work.resolve(name), ManifestSamples.deployment().toArray());
    }
    Files.write(
        work.resolve("publish.zip"),
        ManifestSamples.published(SampleProgram.create(), Bytes.utf8("x")).toArray());
    var run = new HowToPage("sign-clickonce").run(place.environment(), work);
    assertThat(run.exit()).as(run.output()).isZero();
    good(Bytes.wrap(Files.readAllBytes(work.resolve("Acme.application"))), true);
    good(Bytes.wrap(Files.readAllBytes(work.resolve("uploaded.application"))), true);
    Bytes whole = Bytes.wrap(Files.readAllBytes(work.resolve("publish.zip")));
    folderIsGood(whole, entry(whole, FILES + "Acme.exe.deploy"), true);
  }
}
