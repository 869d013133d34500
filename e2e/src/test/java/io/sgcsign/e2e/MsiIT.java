// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.cfb.CfbBuilder;
import io.sgcsign.tool.Tool;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Installer packages, signed through the packaged server and command line. */
final class MsiIT {
  @TempDir private static Path folder;
  private static Judges judges;
  private static Workplace place;
  private static Api api;

  @BeforeAll
  static void start() {
    var pki = TestPki.rsa();
    judges = Judges.of(folder, pki);
    place = Workplace.start(folder, pki, "{ \"timestamp\": \"optional\", \"allow_sha1\": true }");
    api = place.api();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static FormData form(Bytes file) {
    return new FormData().file(file, "no-name").field("provider", "release");
  }

  /** As {@code place.sgcsign}, but through something that counts. */
  private static Packaged.Run through(URI uri, String... arguments) {
    var environment = new TreeMap<>(place.environment());
    environment.put("SGCSIGN_SERVER", uri.toString());
    return Packaged.run(Packaged.client(arguments), environment, folder);
  }

  private static JsonValue.Obj report(Bytes file) {
    return api.post(Api.VERIFY, new FormData().file(file, "no-name")).good();
  }

  private static void good(Bytes signed, boolean stamped) throws IOException {
    JsonValue.Obj report = report(signed);
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.flag("has_timestamp")).isEqualTo(stamped);
    assertThat(
            judges
                .osslsigncode(signed, "msi")
                .contains("Timestamp Server Signature verification: ok"))
        .isEqualTo(stamped);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256", "sha1,sha256"})
  void signsTheSameBytesByUploadAndByHash(String hash) throws IOException {
    for (int version : new int[] {3, 4}) {
      Bytes file = CfbBuilder.sample(version).balanced().build();
      Path path = Files.write(folder.resolve("same.msi"), file.toArray());

      Bytes uploaded =
          api.post(Api.SIGN, form(file).field("timestamp", "none").field("hash", hash)).signed();
      Packaged.Run run =
          place.sgcsign(
              "sign", "-p", "release", "--timestamp", "none", "--hash", hash, path.toString());
      Bytes stamped = api.post(Api.SIGN, form(file).field("hash", hash)).signed();

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(Bytes.wrap(Files.readAllBytes(path))).isEqualTo(uploaded);
      good(uploaded, false);
      good(stamped, true);
      Bytes again = api.post(Api.SIGN, form(stamped).field("if_signed", "append")).signed();
      good(again, true);
      api.post(Api.SIGN, form(again).field("if_signed", "fail")).problem(Code.ALREADY_SIGNED);
      Bytes changed = again.slice(0, again.size());
      byte[] bytes = changed.toArray();
      bytes[file.size() / 2] ^= 1;
      assertThat(report(Bytes.wrap(bytes)).flag("valid")).isFalse();
      assertThat(report(Bytes.concat(again, Bytes.utf8("PK"))).flag("valid")).isFalse();
    }
  }

  @Test
  void sendsLessThanTwoKilobytesOfAPackageOf200Megabytes() throws IOException {
    Path path =
        CfbBuilder.sample(3).stream("Random", CfbBuilder.bytes(new Random(1), 1 << 20))
            .zeros("Large", 200L << 20)
            .write(folder.resolve("large.msi"));
    try (var meter = Meter.before(place.server().uri())) {
      Packaged.Run run = through(meter.uri(), "sign", "-p", "release", path.toString());
      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(meter.bodies()).isPositive().isLessThan(2048);
    }
    String said =
        Tool.require("osslsigncode")
            .succeed("verify", "-CAfile", judges.root(), "-TSA-CAfile", judges.root(), "-in", path);
    assertThat(said).contains("Signature verification: ok").doesNotContain("MISMATCH");
    Files.delete(path);
  }

  @Test
  void theHowToPageWorks() throws IOException {
    Path work = Files.createDirectories(folder.resolve("how-to"));
    Bytes file = CfbBuilder.sample(3).balanced().build();
    for (String name : new String[] {"setup.msi", "update.msp", "merge.msm", "legacy.msi"}) {
      Files.write(work.resolve(name), file.toArray());
    }
    Files.writeString(
        work.resolve("roots.pem"), Files.readString(judges.root()), StandardCharsets.UTF_8);
    var run = new HowToPage("sign-installer-packages").run(place.environment(), work);
    assertThat(run.exit()).as(run.output()).isZero();
    for (String name : new String[] {"setup-signed.msi", "update.msp", "legacy.msi"}) {
      good(Bytes.wrap(Files.readAllBytes(work.resolve(name))), true);
    }
  }
}
