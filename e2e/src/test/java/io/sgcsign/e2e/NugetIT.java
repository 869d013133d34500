// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.NugetContentHash;
import io.sgcsign.format.PackageSamples;
import io.sgcsign.json.JsonValue;
import io.sgcsign.pki.KeyType;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NuGet packages, signed through the packaged server and command line, judged by others. */
final class NugetIT {
  private static final String SIGN = "/api/v1/sign/nuget";
  private static final Bytes FILE = PackageSamples.nupkg(200_000);
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
                    .provider("gallery", pki.signer("Gallery", KeyType.RSA_2048), rules)
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
    return new FormData().file(file, "a.nupkg").field("provider", provider);
  }

  /** Insists that openssl, NuGet's way of hashing and our verifier, asked for any format, agree. */
  private static void good(Bytes signed, boolean stamped) throws IOException {
    JsonValue.Obj report = api.post(Api.VERIFY, new FormData().file(signed, "no-name")).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.text("format")).contains("nuget");
    assertThat(report.flag("has_timestamp")).isEqualTo(stamped);
    judges.nuget(signed);
  }

  @Test
  void signsTheSameBytesByUploadAndByHash() throws IOException {
    Path path = Files.write(folder.resolve("same.nupkg"), FILE.toArray());

    Bytes uploaded = api.post(SIGN, form(FILE).field("timestamp", "none")).signed();
    var run = place.sgcsign("sign", "-p", "release", "--timestamp", "none", path.toString());

    assertThat(run.exit()).as(run.output()).isZero();
    Bytes hashed = Bytes.wrap(Files.readAllBytes(path));
    assertThat(hashed.size()).isEqualTo(uploaded.size());
    assertThat(NugetContentHash.of(hashed, "SHA-256"))
        .isEqualTo(NugetContentHash.of(uploaded, "SHA-256"));
    good(uploaded, false);
    good(hashed, false);
    good(api.post(SIGN, form(FILE)).signed(), true);
  }

  @Test
  void refusesASecondSignatureAndKeysNugetDoesNotKnow() throws Exception {
    Bytes signed = api.post(SIGN, form(FILE)).signed();
    api.post(SIGN, form(signed).field("if_signed", "append")).problem(Code.ALREADY_SIGNED);
    api.post(SIGN, form(signed).field("if_signed", "fail")).problem(Code.ALREADY_SIGNED);
    api.post(SIGN, form(FILE, "ec")).problem(Code.CERTIFICATE_UNFIT);
    good(api.post(SIGN, form(signed).field("if_signed", "replace")).signed(), true);
  }

  @Test
  void countersignsForARepositoryByUploadAndByHash() throws IOException {
    String index = "https://gallery.example/v3/index.json";
    Bytes authored = api.post(SIGN, form(FILE)).signed();
    Path path = Files.write(folder.resolve("counter.nupkg"), authored.toArray());

    Bytes uploaded =
        api.post(
                SIGN,
                form(authored, "gallery").field("service_index", index).field("owners", "a,b"))
            .signed();
    Packaged.Run run =
        place.sgcsign(
            "sign", "-p", "gallery", "--service-index", index, "--owners", "a,b", path.toString());

    assertThat(run.exit()).as(run.output()).isZero();
    for (Bytes signed : new Bytes[] {uploaded, Bytes.wrap(Files.readAllBytes(path))}) {
      JsonValue.Obj report = api.post(Api.VERIFY, new FormData().file(signed, "x")).good();
      assertThat(report.flag("valid")).as("%s", report).isTrue();
      assertThat(report.items("signatures")).hasSize(2);
      assertThat(report.toString()).contains("repository signature of " + index + ", owners: a, b");
    }
    assertThat(place.sgcsign("gate", path.toString(), "--recorded").exit()).isZero();
    Packaged.Run again =
        place.sgcsign(
            "sign",
            "-p",
            "gallery",
            "--service-index",
            index,
            "--if-signed",
            "append",
            path.toString());
    assertThat(again.output()).contains("at most one counter-signature");
    api.post(SIGN, form(authored, "gallery").field("service_index", "http://x"))
        .problem(Code.OPTION_INVALID);
  }

  @Test
  void givesThePackageBackAfterFiveRounds() throws IOException {
    Path path = Files.write(folder.resolve("five.nupkg"), FILE.toArray());
    for (int i = 0; i < 5; i++) {
      assertThat(place.sgcsign("sign", "-p", "release", path.toString()).exit()).isZero();
    }
    assertThat(place.sgcsign("remove", path.toString()).exit()).isZero();
    assertThat(Bytes.wrap(Files.readAllBytes(path))).isEqualTo(FILE);
  }

  @Test
  void tellsAPackageThatWasChanged() {
    byte[] changed = api.post(SIGN, form(FILE)).signed().toArray();
    changed[changed.length / 2] ^= 1;
    JsonValue.Obj report =
        api.post(Api.VERIFY, new FormData().file(Bytes.wrap(changed), "a")).good();
    assertThat(report.text("status")).contains("invalid");
    JsonValue.Obj bare = api.post(Api.VERIFY, new FormData().file(FILE, "a")).good();
    assertThat(bare.text("status")).contains("unsigned");
  }

  @Test
  void theHowToPageWorks() throws IOException {
    Path work = Files.createDirectories(folder.resolve("how-to"));
    for (String name :
        List.of(
            "Acme.Tools.1.2.3.nupkg",
            "Acme.Tools.1.2.3.snupkg",
            "Other.1.0.0.nupkg",
            "Upload.1.0.0.nupkg")) {
      Files.write(work.resolve(name), FILE.toArray());
    }
    Files.copy(judges.root(), work.resolve("root.pem"));
    var run = new HowToPage("sign-nuget-packages").run(place.environment(), work);
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).contains("CMS Verification successful");
    good(Bytes.wrap(Files.readAllBytes(work.resolve("Acme.Tools.1.2.3.snupkg"))), true);
    good(Bytes.wrap(Files.readAllBytes(work.resolve("uploaded.nupkg"))), true);
  }
}
