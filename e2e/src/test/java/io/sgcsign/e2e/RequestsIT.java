// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.tool.Tool;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a signing request by upload may look like, and what is answered. */
final class RequestsIT {
  private static final Bytes FILE = Programs.x64();
  @TempDir private static Path folder;
  private static ServerProcess server;
  private static Api api;

  @BeforeAll
  static void start() {
    var pki = TestPki.create();
    server =
        Site.in(folder)
            .server("max_upload_mb", "2")
            .server(
                "firewall",
                "{ \"brute_force\": { \"enabled\": false },"
                    + " \"rate_limit\": { \"enabled\": false } }")
            .provider("build", pki.selfSigned("Build", KeyType.EC_P256))
            .provider("rsa", pki.selfSigned("Old", KeyType.RSA_2048), "{ \"allow_sha1\": true }")
            .provider("umlaut", pki.selfSigned("Müller & Söhne", KeyType.EC_P256))
            .provider("closed", pki.selfSigned("Closed", KeyType.EC_P256), "{ \"formats\": [] }")
            .provider(
                "expired",
                pki.authority()
                    .issue(
                        LeafProfile.codeSigning("Gone", KeyType.EC_P256, pki.now())
                            .valid(pki.now().minusSeconds(7200), pki.now().minusSeconds(3600))
                            .signedByItself()))
            .write()
            .start();
    api = Api.signedUp(server.uri());
  }

  @AfterAll
  static void stop() {
    api.close();
    server.close();
  }

  private static FormData form() {
    return FormData.of(FILE, "build");
  }

  @Test
  void takesFieldsInAnyOrder() {
    var fileFirst =
        new FormData().file(FILE, "a.exe").field("hash", "sha256").field("provider", "build");
    var fileLast =
        new FormData().field("provider", "build").field("hash", "sha256").file(FILE, "a.exe");

    assertThat(api.sign(fileFirst).signed().size()).isGreaterThan(FILE.size());
    assertThat(api.sign(fileLast).signed().size()).isGreaterThan(FILE.size());
  }

  @Test
  void answersWithTheFileAndHeadersThatTellAboutIt() {
    Answer answer = api.sign(form());

    assertThat(answer.signed()).isNotEqualTo(FILE);
    assertThat(answer.header("Content-Disposition")).isEqualTo("attachment; filename=\"app.exe\"");
    assertThat(answer.header("X-Sgcsign-Signer-Subject")).startsWith("CN=Build");
    assertThat(answer.header("X-Sgcsign-Duration-Ms")).matches("\\d+");
    assertThat(answer.header("X-Sgcsign-Request-Id")).startsWith("req_");
    assertThat(answer.header("X-Sgcsign-Log-Index")).matches("\\d+");
    assertThat(answer.header("X-Sgcsign-Warning")).contains("no time stamp");
  }

  @Test
  void encodesSubjectsAndNamesThatAreNotAscii() {
    var form = new FormData().file(FILE, "Prüfung.exe").field("provider", "umlaut");

    Answer answer = api.sign(form);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("X-Sgcsign-Signer-Subject"))
        .startsWith("UTF-8''CN%3DM%C3%BCller%20%26");
    assertThat(answer.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"Pr_fung.exe\"; filename*=UTF-8''Pr%C3%BCfung.exe");
  }

  @Test
  void refusesAnUnknownFieldWithASuggestion() {
    Answer answer = api.sign(form().field("descripton", "x")).problem(Code.FIELD_UNKNOWN);

    assertThat(answer.string("detail")).contains("descripton");
    assertThat(answer.string("hint")).contains("\"description\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"project", "policy"})
  void doesNotPretendToKnowFieldsOfALaterVersion(String field) {
    Answer answer = api.sign(form().field(field, "x")).problem(Code.FEATURE_UNAVAILABLE);

    assertThat(answer.string("detail")).contains(field);
  }

  @ParameterizedTest
  @CsvSource({
    "hash, sha257, OPTION_INVALID",
    "page_hashes, maybe, OPTION_INVALID",
    "hash, 'sha256,sha256', OPTION_INVALID",
    "if_signed, sometimes, FIELD_INVALID",
    "timestamp, never, FIELD_INVALID",
    "tsa_url, ftp://example.org, FIELD_INVALID",
    "tsa_url, http://tsa.invalid/ts, TSA_NOT_ALLOWED",
    "provider, build, FIELD_INVALID"
  })
  void refusesAValueThatCannotBe(String field, String value, Code code) {
    api.sign(form().field(field, value)).problem(code);
  }

  @Test
  void needsAFileAndAProvider() {
    api.sign(new FormData().field("provider", "build")).problem(Code.FIELD_MISSING);
    api.sign(new FormData().file(FILE, "a.exe")).problem(Code.FIELD_MISSING);
    api.sign(form().file(FILE, "b.exe")).problem(Code.FIELD_INVALID);
  }

  @Test
  void answersForbiddenAndUnknownProvidersAlike() {
    String narrow = api.anonymous().admin().newKey("{\"name\": \"n\", \"providers\": [\"build\"]}");
    Api limited = api.with("X-API-Key", narrow);

    Answer unknown = limited.sign(FormData.of(FILE, "nowhere")).problem(Code.PROVIDER_UNKNOWN);
    Answer forbidden = limited.sign(FormData.of(FILE, "rsa")).problem(Code.PROVIDER_UNKNOWN);

    assertThat(forbidden.string("detail"))
        .isEqualTo(unknown.string("detail").replace("nowhere", "rsa"));
    assertThat(limited.sign(form()).status()).isEqualTo(200);
  }

  @Test
  void signsOnlyFormatsAndWithCertificatesThatFit() {
    api.sign(FormData.of(FILE, "closed")).problem(Code.FORMAT_NOT_ALLOWED);
    api.sign(FormData.of(FILE, "expired")).problem(Code.CERTIFICATE_UNFIT);
  }

  @Test
  void refusesTwoDifferentCredentials() {
    String other = api.anonymous().admin().newKey("{\"name\": \"other\"}");

    api.with("Authorization", "Bearer " + other).sign(form()).problem(Code.CREDENTIALS_CONFLICT);

    Api same = api.anonymous().with("X-API-Key", other).with("Authorization", "Bearer " + other);
    assertThat(same.sign(form()).status()).isEqualTo(200);
    Api bearer = api.anonymous().with("Authorization", "Bearer " + other);
    assertThat(bearer.sign(form()).status()).isEqualTo(200);
  }

  @Test
  void tellsATypoFromAKeyThatIsWrong() {
    Api admin = api.anonymous().admin();
    Answer made = admin.json("POST", "/api/v1/admin/keys", "{\"name\": \"gone\"}");
    String key = made.string("key");
    char last = key.charAt(key.length() - 1);
    String typo = key.substring(0, key.length() - 1) + (last == 'a' ? 'b' : 'a');

    api.with("X-API-Key", typo).sign(form()).problem(Code.KEY_MALFORMED);
    assertThat(admin.call("DELETE", "/api/v1/admin/keys/" + made.string("id")).status())
        .isEqualTo(204);
    api.with("X-API-Key", key).sign(form()).problem(Code.CREDENTIALS_INVALID);
    Answer none = api.anonymous().sign(form()).problem(Code.CREDENTIALS_MISSING);
    assertThat(none.header("WWW-Authenticate")).startsWith("Bearer");
  }

  @Test
  void keepsKeysAndAdministratorsApart() {
    api.anonymous().admin().sign(form()).problem(Code.FORBIDDEN);
    api.json("POST", "/api/v1/admin/keys", "{\"name\": \"more\"}").problem(Code.FORBIDDEN);
    JsonValue.Obj self = api.get("/api/v1/keys/self").good();
    assertThat(self.text("name")).contains("e2e");
    assertThat(self.members().keySet()).doesNotContain("key");
  }

  @Test
  void limitsTheLifeOfAKey() {
    Api admin = api.anonymous().admin();
    admin
        .json(
            "POST",
            "/api/v1/admin/keys",
            "{\"name\": \"long\", \"expires_at\": \"2099-01-01T00:00:00Z\"}")
        .problem(Code.FIELD_INVALID);
    admin
        .json("POST", "/api/v1/admin/keys", "{\"name\": \"x\", \"expires\": \"x\"}")
        .problem(Code.FIELD_UNKNOWN);
  }

  @Test
  void putsOptionsIntoTheSignature() {
    Tool osslsigncode = Tool.require("osslsigncode");
    var form =
        FormData.of(FILE, "rsa")
            .field("description", "Setup of Müller")
            .field("url", "https://example.org/app")
            .field("page_hashes", "true")
            .field("hash", "sha384");
    Path file = written(api.sign(form).signed(), "options.exe");

    String said = osslsigncode.run("verify", "-in", file).output();

    // osslsigncode writes UTF-8, the tool reads bytes
    assertThat(said)
        .contains("Text description: Setup of M")
        .contains("URL description: https://example.org/app")
        .contains("Message digest algorithm  : SHA384")
        .contains("Page hash algorithm");
  }

  private static Path written(Bytes content, String name) {
    try {
      return Files.write(folder.resolve(name), content.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void makesSha1OnlyWhereTheRulesAllowIt() {
    api.sign(form().field("hash", "sha1")).problem(Code.SHA1_NOT_ALLOWED);
    api.sign(form().field("hash", "sha1,sha256")).problem(Code.SHA1_NOT_ALLOWED);

    Bytes dual = api.sign(FormData.of(FILE, "rsa").field("hash", "sha1,sha256")).signed();

    List<JsonValue> signatures = api.verify(dual).good().items("signatures");
    assertThat(signatures)
        .extracting(s -> ((JsonValue.Obj) s).text("path").orElseThrow())
        .containsExactly("0", "0.nested.0");
    assertThat(signatures)
        .extracting(s -> ((JsonValue.Obj) s).text("digest_algorithm").orElseThrow())
        .containsExactly("sha1", "sha256");
  }

  @Test
  void treatsSignedFilesAsTold() {
    Bytes signed = api.sign(form()).signed();
    FormData again = FormData.of(signed, "build");

    api.sign(again.field("if_signed", "fail")).problem(Code.ALREADY_SIGNED);

    Answer skipped = api.sign(FormData.of(signed, "build").field("if_signed", "skip"));
    assertThat(skipped.signed()).isEqualTo(signed);
    assertThat(skipped.header("X-Sgcsign-Warning")).contains("skipped");

    Bytes replaced = api.sign(FormData.of(signed, "rsa").field("if_signed", "replace")).signed();
    assertThat(api.verify(replaced).good().items("signatures")).hasSize(1);

    Bytes appended = api.sign(FormData.of(signed, "rsa").field("if_signed", "append")).signed();
    JsonValue.Obj report = api.verify(appended).good();
    assertThat(report.flag("valid")).isTrue();
    assertThat(report.items("signatures")).hasSize(2);

    // skip is about our own signatures: of another key it signs
    Bytes other = api.sign(FormData.of(signed, "rsa").field("if_signed", "skip")).signed();
    assertThat(other).isNotEqualTo(signed);
  }

  @Test
  void replaysTheAnswerToAnIdempotencyKey() {
    Api keyed = api.with("Idempotency-Key", "\"build-1\"");

    Answer first = keyed.sign(form());
    Answer second = keyed.sign(form());

    assertThat(second.signed()).isEqualTo(first.signed());
    assertThat(first.header("Idempotent-Replay")).isEmpty();
    assertThat(second.header("Idempotent-Replay")).isEqualTo("true");
    assertThat(second.header("X-Sgcsign-Request-Id"))
        .isEqualTo(first.header("X-Sgcsign-Request-Id"));
    assertThat(second.header("X-Sgcsign-Log-Index")).isEqualTo(first.header("X-Sgcsign-Log-Index"));
    assertThat(api.sign(form()).signed())
        .as("without the key it signs anew")
        .isNotEqualTo(first.body());
  }

  @Test
  void refusesAnIdempotencyKeyOfAnotherRequest() {
    Api keyed = api.with("Idempotency-Key", "build-2");
    assertThat(keyed.sign(form()).status()).isEqualTo(200);

    keyed.sign(FormData.of(Programs.numbered(1), "build")).problem(Code.IDEMPOTENCY_MISMATCH);
    keyed.sign(form().field("description", "x")).problem(Code.IDEMPOTENCY_MISMATCH);
    keyed.sign(FormData.of(FILE, "rsa")).problem(Code.IDEMPOTENCY_MISMATCH);
    assertThat(keyed.sign(form()).header("Idempotent-Replay")).isEqualTo("true");
    api.with("Idempotency-Key", "bad key").sign(form()).problem(Code.FIELD_INVALID);
  }

  @Test
  void keepsIdempotencyKeysOfDifferentCallersApart() {
    Api other =
        api.with("X-API-Key", api.anonymous().admin().newKey("{\"name\": \"b\"}"))
            .with("Idempotency-Key", "build-3");
    Answer mine = api.with("Idempotency-Key", "build-3").sign(form());

    assertThat(other.sign(form()).signed()).isNotEqualTo(mine.signed());
  }

  @Test
  void recordsWhatTheCallerSaysOfTheBuildAndFindsRequestsByIt() {
    String commit = "c0ffee" + System.nanoTime();
    var form =
        form()
            .field("description", "Setup")
            .field("repository", "acme/app")
            .field("commit", commit)
            .field("branch", "main")
            .field("build_url", "https://ci.example.org/7")
            .field("build_id", "7")
            .field("version", "1.2.3")
            .field("labels.stage", "release");
    String id = api.sign(form).header("X-Sgcsign-Request-Id");

    JsonValue.Obj request = api.get("/api/v1/requests/" + id).good();

    assertThat(request.text("status")).contains("completed");
    assertThat(request.text("file_name")).contains("app.exe");
    JsonValue.Obj said = request.object("unverified").orElseThrow();
    assertThat(said.text("repository")).contains("acme/app");
    assertThat(said.text("labels.stage")).contains("release");
    assertThat(said.text("build_url")).contains("https://ci.example.org/7");
    assertThat(ids("commit=" + commit)).containsExactly(id);
    assertThat(ids("commit=" + commit + "&labels.stage=release&branch=main")).containsExactly(id);
    assertThat(ids("commit=" + commit + "&labels.stage=test")).isEmpty();
    api.get("/api/v1/requests?comit=x").problem(Code.FIELD_UNKNOWN);
  }

  private static List<String> ids(String query) {
    return api.get("/api/v1/requests?" + query).good().items("requests").stream()
        .map(r -> ((JsonValue.Obj) r).text("request_id").orElseThrow())
        .toList();
  }

  @Test
  void showsAKeyItsOwnRequestsOnly() {
    String id = api.sign(form()).header("X-Sgcsign-Request-Id");
    Api other = api.with("X-API-Key", api.anonymous().admin().newKey("{\"name\": \"c\"}"));

    other.get("/api/v1/requests/" + id).problem(Code.NOT_FOUND);
    other.get("/api/v1/requests/" + id + "/receipt").problem(Code.NOT_FOUND);
    assertThat(other.get("/api/v1/requests").good().items("requests")).isEmpty();
    assertThat(api.anonymous().admin().get("/api/v1/requests/" + id).status()).isEqualTo(200);
  }

  @Test
  void refusesBodiesOfTheWrongTypeOrSize() {
    api.send(
            api.request(Api.SIGN)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("hello")))
        .problem(Code.MEDIA_TYPE_UNSUPPORTED);
    api.send(
            api.request(Api.HASH)
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofString("--x--")))
        .problem(Code.MEDIA_TYPE_UNSUPPORTED);
    Bytes large = Bytes.wrap(new byte[2 * 1024 * 1024 + 1]);
    api.sign(FormData.of(large, "build")).problem(Code.BODY_TOO_LARGE);
    api.json("POST", Api.HASH, "{").problem(Code.REQUEST_MALFORMED);
    api.json("POST", Api.HASH, "[]").problem(Code.REQUEST_MALFORMED);
  }

  @Test
  void saysWhatIsNotThere() {
    api.get("/api/v1/nothing").problem(Code.NOT_FOUND);
    api.call("DELETE", Api.SIGN).problem(Code.METHOD_NOT_ALLOWED);
    api.post("/api/v1/sign/pades", form()).problem(Code.NOT_FOUND);
  }
}
