// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.json.JsonValue;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.wire.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the server starts, and why it does not. */
final class StartIT {
  /** EX_CONFIG of sysexits.h. */
  private static final int CONFIG = 78;

  private static final String LATER_PROVIDER =
      """
      { "name": "ev-release", "type": "AzureTS",
        "params": { "account": "a", "client_secret_env": "E2E_AZURE_SECRET" } %s }
      """;

  private static Issued key;

  @TempDir private Path folder;

  @BeforeAll
  static void makeKey() {
    key = TestPki.create().selfSigned("Start", KeyType.EC_P256);
  }

  private Site site() {
    return Site.in(folder).provider("build", key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short-11-ch"})
  void refusesAFirstPasswordThatIsEmptyOrTooShort(String password) {
    var site = site().variable(Site.ADMIN_VARIABLE, password).write();

    Packaged.Run run = site.run("--console");

    assertThat(run.exit()).as(run.output()).isEqualTo(CONFIG);
    assertThat(run.output())
        .contains(Site.ADMIN_VARIABLE)
        .contains(password.isEmpty() ? "missing or empty" : "fewer than 12 characters")
        .contains("systemctl edit sgcsign-server")
        .contains("setx /M " + Site.ADMIN_VARIABLE)
        .contains("export " + Site.ADMIN_VARIABLE)
        .doesNotContain("short-11-ch", "Exception");
  }

  @Test
  void startsAfterTheMissingFirstPasswordIsGiven() {
    var site = site().withoutVariable(Site.ADMIN_VARIABLE).write();
    assertThat(site.run("--console").exit()).isEqualTo(CONFIG);

    site.variable(Site.ADMIN_VARIABLE, Site.ADMIN_PASSWORD);
    try (var server = site.start();
        var api = Api.of(server.uri())) {
      assertThat(api.login(Site.ADMIN_PASSWORD).good().text("token")).isPresent();
    }
  }

  @Test
  void ignoresTheFirstPasswordOnceThereIsAUser() {
    var site = site().write();
    site.start().close();

    site.variable(Site.ADMIN_VARIABLE, "another password 2");
    try (var server = site.start();
        var api = Api.of(server.uri())) {
      api.login("another password 2").problem(Code.CREDENTIALS_INVALID);
      assertThat(server.log()).contains("config.warning").contains("Remove the variable");
      assertThat(warnings(api.admin().get("/api/v1/health").good()))
          .anySatisfy(w -> assertThat(w).contains(Site.ADMIN_VARIABLE, "has no effect"));
    }
  }

  private static List<String> warnings(JsonValue.Obj health) {
    return health.items("warnings").stream().map(w -> ((JsonValue.Text) w).value()).toList();
  }

  @Test
  void takesAPasswordOfTheDocumentationOnLoopbackOnly() {
    assertThat(run(folder, "test-cert", "--tls", "--out", "tls.crt", "--key-out", "tls.key").exit())
        .isZero();
    var site =
        site()
            .variable(Site.ADMIN_VARIABLE, "ChangeMeNow!")
            .server("listen", "\"0.0.0.0\"")
            .server("tls", "{ \"cert_file\": \"tls.crt\", \"key_file\": \"tls.key\" }")
            .write();

    Packaged.Run run = site.run("--console");

    assertThat(run.exit()).as(run.output()).isEqualTo(CONFIG);
    assertThat(run.output()).contains("printed in the documentation", "loopback only");
    try (var server = site.server("listen", "\"127.0.0.1\"").write().start()) {
      assertThat(server.uri().getScheme()).isEqualTo("https");
    }
  }

  private static Packaged.Run run(Path folder, String... arguments) {
    return Packaged.run(Packaged.server(arguments), Map.of("E2E_PW", TestPki.PASSWORD), folder);
  }

  static Stream<String> brokenProviders() {
    return Stream.of(
        "{ \"file\": \"nowhere.pfx\" }",
        "{ \"file\": \"build.pfx\", \"password\": \"wrong\" }",
        "{ \"file\": \"sgcSignServer.conf.json\" }");
  }

  @ParameterizedTest
  @MethodSource("brokenProviders")
  void stopsForAKeyFileThatCannotBeOpened(String params) {
    var site =
        site()
            .rawProvider("{\"name\":\"broken\",\"type\":\"PFX\",\"params\":%s}".formatted(params));

    Packaged.Run run = site.write().run("--console");

    assertThat(run.exit()).as(run.output()).isEqualTo(CONFIG);
    assertThat(run.output())
        .contains("\"broken\" cannot be opened: ")
        .containsAnyOf("nowhere.pfx", "build.pfx", "sgcSignServer.conf.json")
        .doesNotContain("Exception", "\tat ");
  }

  @Test
  void runsWithoutAKeyFileThatIsNotRequired() {
    var site =
        site()
            .rawProvider(
                "{\"name\":\"spare\",\"type\":\"PFX\",\"required\":false,"
                    + "\"params\":{\"file\":\"nowhere.pfx\"}}")
            .write();
    try (var server = site.start();
        var api = Api.signedUp(server.uri())) {
      assertThat(server.log()).contains("provider.unavailable").contains("spare");
      JsonValue.Obj health = api.get("/api/v1/health").good();
      assertThat(health.flag("ready")).isTrue();
      assertThat(health.text("status")).contains("degraded");
      assertThat(ready(health, "spare")).isFalse();
      assertThat(ready(health, "build")).isTrue();
      api.sign(FormData.of(Programs.x64(), "spare")).problem(Code.PROVIDER_UNAVAILABLE);
      assertThat(api.sign(FormData.of(Programs.x64(), "build")).status()).isEqualTo(200);
    }
  }

  private static boolean ready(JsonValue.Obj health, String provider) {
    return health.object("providers").orElseThrow().object(provider).orElseThrow().flag("ready");
  }

  @Test
  void warnsOfAProviderTypeOfALaterVersionAndTurnsItRed() {
    var site = site().rawProvider(LATER_PROVIDER.formatted("")).write();
    try (var server = site.start();
        var api = Api.signedUp(server.uri())) {
      assertThat(server.log()).contains("config.warning").contains("ev-release", "AzureTS");
      JsonValue.Obj health = api.get("/api/v1/health").good();
      assertThat(ready(health, "ev-release")).isFalse();
      assertThat(health.text("status")).contains("degraded");
      assertThat(warnings(health)).anySatisfy(w -> assertThat(w).contains("ev-release"));
      assertThat(api.get("/api/v1/health/ready").status()).isEqualTo(200);
    }
    Packaged.Run check = site.run("--check");
    assertThat(check.exit()).as(check.output()).isEqualTo(1);
    assertThat(check.output()).contains("ev-release");
  }

  @Test
  void stopsForAProviderOfALaterVersionThatIsRequired() {
    Packaged.Run run =
        site().rawProvider(LATER_PROVIDER.formatted(", \"required\": true")).write().run();

    assertThat(run.exit()).as(run.output()).isEqualTo(CONFIG);
    assertThat(run.output()).contains("ev-release");
  }

  @Test
  void isNotReadyWhenNoProviderIs() {
    var site = Site.in(folder).rawProvider(LATER_PROVIDER.formatted("")).write();
    try (var server = site.start();
        var api = Api.signedUp(server.uri())) {
      Answer ready = api.get("/api/v1/health/ready");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.json().flag("ready")).isFalse();
      assertThat(api.anonymous().get("/api/v1/health/live").status()).isEqualTo(200);
    }
  }

  @Test
  void namesTheVariableThatIsNotSetItsPointerAndHowToSetIt() {
    Packaged.Run run = site().withoutVariable("E2E_PFX_PW").write().run("--console");

    assertThat(run.exit()).as(run.output()).isEqualTo(CONFIG);
    assertThat(run.output())
        .contains("E2E_PFX_PW is not set")
        .contains("/providers/0/params/password_env")
        .containsPattern("sgcSignServer\\.conf\\.json:\\d+:\\d+ ")
        .contains("systemctl edit sgcsign-server")
        .contains("setx /M E2E_PFX_PW")
        .contains("export E2E_PFX_PW");
  }

  @Test
  void reportsEveryMistakeOfTheConfigurationAtOnce() {
    var site =
        Site.in(folder)
            .write(
                """
                {
                  // three mistakes and one that follows from none of them
                  "server": { "prot": 8443, "max_upload_mb": "much",
                    "firewall": { "whitelist": ["10.0.0.0/99"] } },
                  "admn": {},
                  "providers": [ { "name": "a", "type": "PFXX", "params": {} } ]
                }
                """);

    Packaged.Run run = site.run("--check");

    assertThat(run.exit()).as(run.output()).isEqualTo(CONFIG);
    assertThat(run.output().lines())
        .anyMatch(l -> l.contains(":3:") && l.contains("/server/prot") && l.contains("unknown key"))
        .anyMatch(l -> l.contains("\"port\"?"))
        .anyMatch(l -> l.contains(":3:") && l.contains("/server/max_upload_mb"))
        .anyMatch(l -> l.contains(":4:") && l.contains("/server/firewall/whitelist"))
        .anyMatch(l -> l.contains(":5:") && l.contains("/admn"))
        .anyMatch(l -> l.contains("\"admin\"?"))
        .anyMatch(l -> l.contains(":6:") && l.contains("/providers/0/type"))
        .anyMatch(l -> l.contains("\"PFX\"?"));
  }

  @Test
  void namesTheCommandThatMakesATlsCertificate() {
    Packaged.Run run = site().server("tls", "{ \"enabled\": true }").write().run("--console");

    assertThat(run.exit()).as(run.output()).isEqualTo(CONFIG);
    assertThat(run.output())
        .contains("/server/tls")
        .contains(
            "sgcsign-server test-cert --tls --out certs/server.crt --key-out certs/server.key");
    Packaged.Run made =
        run(
            folder,
            "test-cert",
            "--tls",
            "--out",
            "certs/server.crt",
            "--key-out",
            "certs/server.key");
    assertThat(made.exit()).as(made.output()).isZero();
  }

  @Test
  void checksAConfigurationWithoutStarting() {
    var site = site().write();

    Packaged.Run good = site.run("--check");

    assertThat(good.exit()).as(good.output()).isZero();
    assertThat(good.output()).contains("ok");
    assertThat(site.database()).doesNotExist();
  }

  @Test
  void triesEveryProvider() {
    var site = site().provider("spare", key).write();

    Packaged.Run good = site.run("--selftest-providers");

    assertThat(good.exit()).as(good.output()).isZero();
    assertThat(good.output().lines())
        .anyMatch(l -> l.startsWith("ok    build (PFX) CN=Start") && l.contains("test signature"))
        .anyMatch(l -> l.startsWith("ok    spare (PFX) "));

    site.rawProvider(
        "{\"name\":\"broken\",\"type\":\"PFX\",\"params\":{\"file\":\"nowhere.pfx\"}}");
    Packaged.Run bad = site.write().run("--selftest-providers");

    assertThat(bad.exit()).as(bad.output()).isEqualTo(1);
    assertThat(bad.output().lines())
        .anyMatch(l -> l.startsWith("ok    build "))
        .anyMatch(l -> l.startsWith("FAIL  broken (PFX) ") && l.contains("nowhere.pfx"));
  }

  @Test
  void tellsItsVersionAndRefusesUnknownOptions() {
    assertThat(run(folder, "--version").output()).matches("sgcsign-server \\d+\\.\\d+\\.\\d+\\R");
    Packaged.Run wrong = run(folder, "--chekc");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.output()).contains("--chekc", "Usage:");
  }

  @Test
  void findsTheConfigurationByVariableAndInTheWorkingFolder() throws Exception {
    var site = site().write();
    var named = Map.of("SGCSIGN_CONFIG", site.config().toString(), "E2E_PFX_PW", TestPki.PASSWORD);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));

    Packaged.Run byVariable = Packaged.run(Packaged.server("--check"), named, elsewhere);
    Packaged.Run here = Packaged.run(Packaged.server("--check"), site.environment(), folder);
    Packaged.Run nowhere = Packaged.run(Packaged.server("--check"), Map.of(), elsewhere);

    assertThat(byVariable.exit()).as(byVariable.output()).isZero();
    assertThat(here.exit()).as(here.output()).isZero();
    assertThat(nowhere.exit()).as(nowhere.output()).isEqualTo(CONFIG);
    assertThat(nowhere.output()).contains("sgcSignServer.conf.json", "--config");
  }

  @Test
  void takesSecretsFromFilesAndAnyParameterFromAVariable() throws Exception {
    Files.writeString(folder.resolve("pfx.secret"), TestPki.PASSWORD + "\n");
    var site =
        site()
            .rawProvider(
                "{\"name\":\"b\",\"type\":\"PFX\",\"params\":"
                    + "{\"file_env\":\"E2E_FILE\",\"password_file\":\"pfx.secret\"}}")
            .variable("E2E_FILE", "build.pfx")
            .server("max_upload_mb_env", "\"E2E_MB\"")
            .variable("E2E_MB", "7")
            .write();

    Packaged.Run good = site.run("--selftest-providers");

    assertThat(good.exit()).as(good.output()).isZero();
    Packaged.Run bad = site.variable("E2E_MB", "seven").run("--check");
    assertThat(bad.exit()).as(bad.output()).isEqualTo(CONFIG);
    assertThat(bad.output()).contains("/server/max_upload_mb_env");
  }

  @Test
  void listensWithoutTlsOnLoopbackOnly() {
    Packaged.Run run = site().server("listen", "\"0.0.0.0\"").write().run("--console");

    assertThat(run.exit()).as(run.output()).isEqualTo(CONFIG);
    assertThat(run.output()).contains("/server/tls/enabled", "loopback");
  }

  @Test
  void keepsItsTestAuthorityOnLoopback() {
    var site =
        site().server("listen", "\"0.0.0.0\"").stamping(TestPki.create(), Site.freePort()).write();

    Packaged.Run run = site.run("--check");

    assertThat(run.exit()).as(run.output()).isEqualTo(CONFIG);
    assertThat(run.output()).contains("the TEST authority runs on a loopback address only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "error", "verbose"})
  void logsAsMuchAsTheVariableSays(String level) {
    var site = site().variable("SGCSIGN_LOG_LEVEL", level).write();

    try (var server = site.start()) {
      assertThat(server.log().lines().filter(l -> l.contains("\"event\"")).toList().isEmpty())
          .as(server.log())
          .isEqualTo(!level.equals("verbose"));
    }
  }
}
