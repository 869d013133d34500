// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.CheckName;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server says of files that are signed, badly signed or not at all. */
final class VerifyIT {
  private static final Bytes FILE = Programs.x64();
  private static final String LATER = "2031-01-01T00:00:00Z";
  @TempDir private static Path folder;
  private static ServerProcess server;
  private static Api api;
  private static Bytes stamped;
  private static Bytes unstamped;

  @BeforeAll
  static void start() {
    var pki = TestPki.create();
    server =
        Site.in(folder)
            .stamping(pki, Site.freePort())
            .provider(
                "build",
                pki.signer("Acme Inc.", KeyType.EC_P256),
                "{ \"timestamp\": \"optional\" }")
            .server("public", "[\"verify\"]")
            .write()
            .start();
    api = Api.signedUp(server.uri());
    stamped = api.sign(FormData.of(FILE, "build")).signed();
    unstamped = api.sign(FormData.of(FILE, "build").field("timestamp", "none")).signed();
  }

  @AfterAll
  static void stop() {
    api.close();
    server.close();
  }

  private static JsonValue.Obj verify(Bytes file, String... fields) {
    var form = new FormData().file(file, "app-signed.exe");
    for (int i = 0; i < fields.length; i += 2) {
      form.field(fields[i], fields[i + 1]);
    }
    return api.post(Api.VERIFY, form).good();
  }

  private static void says(JsonValue.Obj report, String status) {
    assertThat(report.text("status")).as("%s", report).contains(status);
    assertThat(report.flag("valid")).isEqualTo(status.equals("valid"));
  }

  @Test
  void answersWithTheMembersOfTheAnnouncement() {
    String text =
        api.post(
                Api.VERIFY,
                new FormData().file(stamped, "app-signed.exe").field("format", "authenticode"))
            .text();
    JsonValue.Obj report = verify(stamped, "format", "authenticode");

    says(report, "valid");
    assertThat(text).startsWith("{\"valid\":true,\"status\":\"valid\",");
    assertThat(report.text("subject"))
        .contains("CN=Acme Inc., O=sgcsign TEST\\, not for production");
    assertThat(report.flag("has_timestamp")).isTrue();
    assertThat(report.text("timestamp_time").orElseThrow())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(report.members().keySet())
        .contains("valid", "status", "subject", "has_timestamp", "timestamp_time", "signatures");
  }

  @Test
  void listsEverySignatureWithChecksOfAClosedList() {
    JsonValue.Obj signature = (JsonValue.Obj) verify(stamped).items("signatures").getFirst();

    assertThat(signature.text("path")).contains("0");
    assertThat(signature.text("trusted_by")).contains("provider");
    assertThat(signature.text("thumbprint").orElseThrow()).matches("sha256:[0-9a-f]{64}");
    JsonValue.Obj stamp = signature.object("timestamp").orElseThrow();
    assertThat(stamp.text("not_after")).isPresent();
    List<String> known = Arrays.stream(CheckName.values()).map(CheckName::wireName).toList();
    assertThat(signature.items("checks")).hasSizeGreaterThan(5);
    for (JsonValue value : signature.items("checks")) {
      var check = (JsonValue.Obj) value;
      assertThat(known).contains(check.text("name").orElseThrow());
      assertThat(check.text("status").orElseThrow()).isIn("passed", "failed", "skipped");
    }
  }

  @Test
  void tellsAnUnsignedFileFromABrokenOne() {
    says(verify(FILE), "unsigned");
    byte[] changed = stamped.toArray();
    changed[700] ^= 1;
    says(verify(Bytes.wrap(changed)), "invalid");
    byte[] hidden = Arrays.copyOf(stamped.toArray(), stamped.size() + 8);
    says(verify(Bytes.wrap(hidden)), "invalid");
  }

  @ParameterizedTest
  @CsvSource({"none, untrusted", "system, untrusted", "server, valid"})
  void trustsWhomItIsTold(String trust, String status) {
    says(verify(stamped, "trust", trust), status);
    assertThat(verify(stamped, "trust", trust).text("subject")).isPresent();
  }

  @Test
  void doesNotTrustSomebodyElse() {
    Issued other = TestPki.create().signer("Somebody", KeyType.EC_P256);
    Bytes foreign = signedByOsslsigncode(other);

    JsonValue.Obj report = verify(foreign);

    says(report, "untrusted");
    assertThat(report.text("subject").orElseThrow()).startsWith("CN=Somebody");
  }

  private static Bytes signedByOsslsigncode(Issued key) {
    try {
      Path pfx = TestPki.pfx(folder.resolve("other.pfx"), key);
      Path in = Files.write(folder.resolve("other.exe"), FILE.toArray());
      Path out = folder.resolve("other-signed.exe");
      Tool.require("osslsigncode")
          .succeed(
              "sign",
              "-pkcs12",
              pfx,
              "-pass",
              TestPki.PASSWORD,
              "-h",
              "sha256",
              "-in",
              in,
              "-out",
              out);
      return Bytes.wrap(Files.readAllBytes(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void answersForALaterDay() {
    says(verify(unstamped), "valid");
    assertThat(verify(unstamped).flag("survives_expiry")).isFalse();
    says(verify(unstamped, "time", LATER), "expired");
    says(verify(stamped, "time", LATER), "valid");
    assertThat(verify(stamped).flag("survives_expiry")).isTrue();
  }

  @Test
  void refusesQuestionsItDoesNotUnderstand() {
    var form = new FormData().file(stamped, "a.exe");
    api.post(Api.VERIFY, form.field("time", "tomorrow")).problem(Code.FIELD_INVALID);
    api.post(Api.VERIFY, new FormData().file(stamped, "a.exe").field("trust", "me"))
        .problem(Code.FIELD_INVALID);
    api.post(Api.VERIFY, new FormData().file(stamped, "a.exe").field("format", "authenticod"))
        .problem(Code.FORMAT_UNKNOWN);
    api.post(Api.VERIFY, new FormData().file(stamped, "a.exe").field("formt", "x"))
        .problem(Code.FIELD_UNKNOWN);
    api.post(Api.VERIFY, new FormData().field("format", "authenticode"))
        .problem(Code.FIELD_MISSING);
  }

  @Test
  void findsTheFormatByContentNotByName() {
    says(api.post(Api.VERIFY, new FormData().file(stamped, "readme.txt")).good(), "valid");
    api.post(Api.VERIFY, new FormData().file(Bytes.utf8("hello"), "app.exe"))
        .problem(Code.ARTIFACT_UNRECOGNISED);
  }

  @Test
  void isOpenToAnybodyIfTheConfigurationSaysSo() {
    assertThat(api.anonymous().verify(stamped).good().flag("valid")).isTrue();
    api.anonymous().sign(FormData.of(FILE, "build")).problem(Code.CREDENTIALS_MISSING);
    api.anonymous().get("/api/v1/health").problem(Code.CREDENTIALS_MISSING);
  }
}
