// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.pe.BurnBuilder;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WiX bundles, signed through the packaged server and command line, judged by osslsigncode. */
final class BurnIT {
  private static final BurnBuilder BUNDLE = BurnBuilder.bundle().odd();
  private static final Bytes FILE = BUNDLE.build();
  @TempDir private static Path folder;
  private static Judges judges;
  private static Workplace place;
  private static Api api;

  @BeforeAll
  static void start() {
    var pki = TestPki.rsa();
    judges = Judges.of(folder, pki);
    place = Workplace.start(folder, pki, "{ \"timestamp\": \"optional\" }");
    api = place.api();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static FormData form(Bytes file) {
    return new FormData().file(file, "setup.bin").field("provider", "release");
  }

  /** Insists that bundle and engine are good for everybody, and the containers where Burn looks. */
  private static void good(Bytes signed, int signatures) throws IOException {
    JsonValue.Obj report = api.post(Api.VERIFY, new FormData().file(signed, "no-name")).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.toString()).contains("engine.0");
    for (Bytes each : List.of(signed, BUNDLE.cached(signed))) {
      assertThat(judges.osslsigncode(each, "exe"))
          .contains("Number of verified signatures: " + signatures);
    }
    assertThat(BUNDLE.found(signed)).isEqualTo(BUNDLE.containers());
  }

  @Test
  void signsTheSameBytesByUploadAndByHash() throws IOException {
    Path path = Files.write(folder.resolve("same.exe"), FILE.toArray());

    Bytes uploaded = api.sign(form(FILE).field("timestamp", "none")).signed();
    Packaged.Run run =
        place.sgcsign("sign", "-p", "release", "--timestamp", "none", path.toString());

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(Bytes.wrap(Files.readAllBytes(path))).isEqualTo(uploaded);
    good(uploaded, 1);
  }

  @Test
  void stampsBothSignaturesAndSignsWithTwoDigests() throws IOException {
    Bytes stamped = api.sign(form(FILE)).signed();
    good(stamped, 1);
    Bytes dual = api.sign(form(FILE).field("hash", "sha256,sha512")).signed();
    good(dual, 2);

    Path path = Files.write(folder.resolve("dual.exe"), FILE.toArray());
    Packaged.Run run =
        place.sgcsign("sign", "-p", "release", "--hash", "sha256,sha384", path.toString());
    assertThat(run.exit()).as(run.output()).isZero();
    good(Bytes.wrap(Files.readAllBytes(path)), 2);
  }

  @Test
  void replacesBothAndRefusesFurtherOnes() throws IOException {
    Bytes signed = api.sign(form(FILE)).signed();
    api.sign(form(signed).field("if_signed", "append")).problem(Code.ALREADY_SIGNED);
    api.sign(form(signed).field("if_signed", "fail")).problem(Code.ALREADY_SIGNED);
    assertThat(api.sign(form(signed).field("if_signed", "skip")).signed()).isEqualTo(signed);
    good(api.sign(form(signed).field("if_signed", "replace")).signed(), 1);
  }

  @Test
  void refusesNaiveSigningAndWhatIsNotWhole() {
    api.sign(form(FILE).field("kind", "pe")).problem(Code.ARTIFACT_MALFORMED);
    api.sign(form(FILE.slice(0, FILE.size() - 9))).problem(Code.ARTIFACT_TRUNCATED);
    api.sign(form(Bytes.concat(FILE, Bytes.utf8("more of it")))).problem(Code.ARTIFACT_HIDDEN_DATA);
    api.sign(form(BUNDLE.with(24, 0))).problem(Code.ARTIFACT_MALFORMED);
    byte[] changed = api.sign(form(FILE)).signed().toArray();
    changed[1_500] ^= 1;
    JsonValue.Obj report =
        api.post(Api.VERIFY, new FormData().file(Bytes.wrap(changed), "a")).good();
    assertThat(report.text("status")).contains("invalid");
  }

  @Test
  void theHowToPageWorks() throws IOException {
    Path work = Files.createDirectories(folder.resolve("how-to"));
    Files.write(work.resolve("setup.exe"), FILE.toArray());
    Files.write(work.resolve("update.exe"), FILE.toArray());
    Files.copy(judges.root(), work.resolve("root.pem"));
    var run = new HowToPage("sign-wix-bundles").run(place.environment(), work);

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).contains("engine.0");
    good(Bytes.wrap(Files.readAllBytes(work.resolve("setup.exe"))), 1);
    good(Bytes.wrap(Files.readAllBytes(work.resolve("update-signed.exe"))), 1);
  }
}
