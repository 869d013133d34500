// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.cfb.CfbBuilder;
import io.sgcsign.log.Json;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.timestamp.FakeLegacyTsa;
import io.sgcsign.timestamp.FakeLegacyTsa.Behaviour;
import io.sgcsign.tool.Tool;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PKCS#9 time stamps of before RFC 3161, asked for through the packaged server. */
final class CounterStampsIT {
  private static final String PROTOCOL = "timestamp_protocol";
  private static final String OLD = "authenticode";
  @TempDir private static Path folder;
  private static TestPki pki;
  private static Path root;
  private static FakeLegacyTsa tsa;
  private static Behaviour good;
  private static Workplace place;
  private static Api api;

  @BeforeAll
  static void start() {
    pki = TestPki.rsa();
    root = pki.rootFile(folder);
    good =
        Behaviour.good(
            pki.authority()
                .issue(LeafProfile.timeStamping("e2e old TSA", KeyType.RSA_2048, pki.now())));
    tsa = new FakeLegacyTsa(good);
    var signer = pki.signer("Release", KeyType.RSA_3072);
    place =
        Workplace.start(
            folder,
            pki,
            site ->
                site.provider("release", signer)
                    .provider("old", signer, "{ \"allow_sha1\": true }")
                    .provider("relaxed", signer, "{ \"timestamp\": \"optional\" }")
                    .member(
                        "timestamping",
                        """
                        { "authorities": [
                          { "url": "%s", "protocol": "authenticode", "anchors_file": "root.pem" } ] }
                        """
                            .formatted(tsa.uri())));
    api = place.api();
  }

  @AfterAll
  static void stop() {
    place.close();
    assertThat(tsa.complaints()).isEmpty();
    tsa.close();
  }

  @BeforeEach
  void behave() {
    tsa.behave(good);
  }

  private static Bytes file(String kind) {
    return switch (kind) {
      case "exe" -> Programs.x64();
      case "msi" -> CfbBuilder.sample(3).balanced().build();
      default -> Bytes.utf8("Write-Host 'stamped'\r\n");
    };
  }

  private static FormData form(String kind, String provider) {
    return new FormData()
        .file(file(kind), "stamped." + kind)
        .field("provider", provider)
        .field(PROTOCOL, OLD);
  }

  private static String address(String kind) {
    return "/api/v1/sign/" + (kind.equals("ps1") ? "powershell" : "authenticode");
  }

  /** As we and osslsigncode see it. */
  private static void stamped(Path file) throws IOException {
    var form = new FormData().file(Bytes.wrap(Files.readAllBytes(file)), file.toString());
    JsonValue.Obj report = api.post(Api.VERIFY, form).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.flag("survives_expiry")).isTrue();
    var stamp = ((JsonValue.Obj) report.items("signatures").getFirst()).object("timestamp");
    assertThat(stamp.orElseThrow().text("type")).contains("pkcs9");
    assertThat(stamp.orElseThrow().text("subject").orElseThrow()).contains("e2e old TSA");
    String said =
        Tool.require("osslsigncode")
            .succeed("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", file);
    assertThat(said)
        .contains("Signature verification: ok", "Timestamp time:", "e2e old TSA")
        .doesNotContain("MISMATCH", "Timestamp is not available");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exe", "msi", "ps1"})
  void stampsByUploadAndByHash(String kind) throws IOException {
    Path uploaded = folder.resolve("uploaded." + kind);
    Path hashed = Files.write(folder.resolve("hashed." + kind), file(kind).toArray());
    int before = tsa.stamped().size();

    Bytes signed = api.post(address(kind), form(kind, "release")).signed();
    Packaged.Run run =
        place.sgcsign(
            "sign", "-p", "release", "--timestamp-protocol", OLD, hashed.getFileName().toString());

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(tsa.stamped()).hasSize(before + 2);
    stamped(Files.write(uploaded, signed.toArray()));
    stamped(hashed);
  }

  @Test
  void recordsHowItWasStamped() {
    Answer answer = api.post(address("exe"), form("exe", "release"));
    var _ = answer.signed();
    long index = Long.parseLong(answer.header("X-Sgcsign-Log-Index"));

    try (var ledger = LedgerFile.read(folder.resolve("data/sgcsignserver.db"))) {
      var made = (Json.Obj) ledger.events(index).getFirst().pub().list("made").getFirst();
      assertThat(made.object("tsa").text("protocol")).isEqualTo(OLD);
      assertThat(made.object("tsa").text("authority")).isEqualTo(tsa.uri().toString());
    }
  }

  @Test
  void releasesNothingWhoseStampIsNoGood() {
    tsa.behave(good.answering(503, "text/plain", a -> a));
    api.post(address("exe"), form("exe", "release")).problem(Code.TSA_UNAVAILABLE);
    tsa.behave(good.answering(200, "application/octet-stream", a -> a));
    api.post(address("exe"), form("exe", "release")).problem(Code.TSA_UNAVAILABLE);
    tsa.behave(Behaviour.good(pki.signer("Not a TSA", KeyType.RSA_2048)));
    Answer refused = api.post(address("exe"), form("exe", "release"));
    refused.problem(Code.TSA_UNAVAILABLE);
    assertThat(refused.string("detail")).contains("key_usage");
  }

  @Test
  void takesSha1OnlyWhereTheProviderAllowsIt() throws IOException {
    tsa.behave(good.algorithm("SHA1withRSA"));

    Answer refused = api.post(address("exe"), form("exe", "release"));
    refused.problem(Code.TSA_UNAVAILABLE);
    assertThat(refused.string("detail")).contains("SHA-1");
    Bytes signed = api.post(address("exe"), form("exe", "old")).signed();

    stamped(Files.write(folder.resolve("sha1.exe"), signed.toArray()));
  }

  @Test
  void asksNoAuthorityThatIsNotSetUpForIt() {
    String modern = "http://timestamp.digicert.com";
    Answer refused = api.post(address("exe"), form("exe", "release").field("tsa_url", modern));
    refused.problem(Code.TSA_NOT_ALLOWED);
    assertThat(refused.string("hint")).contains("\"protocol\": \"authenticode\"");
    // and the old one is never asked for a token
    int before = tsa.stamped().size();
    var usual = new FormData().file(file("exe"), "a.exe").field("provider", "release");
    JsonValue.Obj report = api.verify(api.post(address("exe"), usual).signed()).good();
    assertThat(report.flag("has_timestamp")).isTrue();
    assertThat(tsa.stamped()).hasSize(before);
    var named =
        new FormData()
            .file(file("exe"), "a.exe")
            .field("provider", "release")
            .field("tsa_url", tsa.uri().toString());
    api.post(address("exe"), named).problem(Code.TSA_NOT_ALLOWED);
  }

  @Test
  void knowsTheChoiceOnlyWhereItIsDefined() {
    var form = new FormData().file(Bytes.utf8("PK"), "a.nupkg").field("provider", "release");
    api.post("/api/v1/sign/nuget", form.field(PROTOCOL, OLD)).problem(Code.FIELD_UNKNOWN);
    api.post(address("exe"), form("exe", "relaxed").field("timestamp", "none"))
        .problem(Code.FIELD_INVALID);
  }

  @Test
  void signsByHashWhereNobodyGivesTokens() throws IOException {
    Path home = Files.createDirectories(folder.resolve("old-only"));
    String authorities =
        "{ \"authorities\": [{ \"url\": \"%s\", \"protocol\": \"authenticode\" }] }"
            .formatted(tsa.uri());
    var site =
        Site.in(home)
            .provider("release", pki.signer("Release", KeyType.RSA_3072))
            .member("timestamping", authorities)
            .write();
    try (var server = site.start();
        var client = Api.signedUp(server.uri())) {
      var environment = new TreeMap<>(place.environment());
      environment.put("SGCSIGN_SERVER", server.uri().toString());
      environment.put("SGCSIGN_APIKEY", client.anonymous().admin().newKey("{\"name\": \"k\"}"));
      Path file = Files.write(home.resolve("a.exe"), file("exe").toArray());
      var words = new String[] {"sign", "-p", "release", "--timestamp-protocol", OLD, "a.exe"};

      Packaged.Run run = Packaged.run(Packaged.client(words), environment, home);

      assertThat(run.exit()).as(run.output()).isZero();
      stamped(file);
      var usual = new FormData().file(file("exe"), "a.exe").field("provider", "release");
      client.post(address("exe"), usual).problem(Code.TIMESTAMP_REQUIRED);
    }
  }

  @Test
  void theHowToPageWorks() throws IOException {
    Path work = Files.createDirectories(folder.resolve("how-to"));
    for (String name : new String[] {"setup.exe", "setup.msi", "install.ps1"}) {
      Files.write(work.resolve(name), file(name.substring(name.indexOf('.') + 1)).toArray());
    }
    var environment = new TreeMap<>(place.environment());
    var run = new HowToPage("stamp-for-old-windows").run(environment, work);
    assertThat(run.exit()).as(run.output()).isZero();
    for (String name : new String[] {"setup.exe", "setup.msi", "install.ps1", "other.exe"}) {
      stamped(work.resolve(name));
    }
  }
}
