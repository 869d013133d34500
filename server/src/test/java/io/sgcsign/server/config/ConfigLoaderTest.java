// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sgcsign.key.KeyProviders;
import io.sgcsign.timestamp.StampProtocol;
import io.sgcsign.timestamp.WellKnownAuthorities;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  private static final String BRIEF =
      """
      {
        "server": { "listen": "127.0.0.1", "port": 8443, "tls": { "enabled": false } },
        "storage": { "sqlite_path": "data/sgcsignserver.db" },
        "admin": { "initial_user": "admin", "initial_password_env": "SGCSIGN_ADMIN_INIT_PW" },
        "audit": { "retention_days": 365 },
        "providers": [
          { "name": "pfx-quickstart", "type": "PFX",
            "params": { "file": "certs/quickstart.pfx", "password_env": "SGCSIGN_PFX_PW" } }
        ]
      }
      """;

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void setTheVariablesOfTheBrief() {
    environment.put("SGCSIGN_PFX_PW", "QuickStartPFX!");
  }

  private ConfigLoader loader() {
    return new ConfigLoader(
        name -> Optional.ofNullable(environment.get(name)),
        KeyProviders.ALL,
        Set.of("authenticode", "apk"),
        Set.of("apk"),
        WellKnownAuthorities.ALL.stream().map(URI::toString).toList());
  }

  private ServerConfig load(String text) throws IOException {
    Path file = folder.resolve(ConfigLoader.FILE_NAME);
    Files.writeString(file, text);
    return loader().load(file);
  }

  private List<String> problems(String text) {
    var error = catchThrowableOfType(ConfigException.class, () -> load(text));
    return error.problems().stream().map(p -> p.render("f")).toList();
  }

  @Test
  void takesTheMinimalConfigurationOfTheBriefAndItsDefaults() throws IOException {
    ServerConfig config = load(BRIEF);
    assertThat(config.warnings()).isEmpty();
    assertThat(config.server().port()).isEqualTo(8443);
    assertThat(config.server().maxUploadBytes()).isEqualTo(512L * 1024 * 1024);
    assertThat(config.database()).isEqualTo(folder.resolve("data/sgcsignserver.db"));
    assertThat(config.admin().sessionMinutes()).isEqualTo(60);
    assertThat(config.server().firewall().bruteForce())
        .contains(new ServerConfig.BruteForce(5, 900));
    assertThat(config.server().firewall().rateLimit()).contains(new ServerConfig.RateLimit(30, 60));
    assertThat(config.timestamping().allowed())
        .contains(URI.create("http://timestamp.digicert.com"));
    var params = config.providers().getFirst().params().orElseThrow();
    assertThat(params.path("file")).contains(folder.resolve("certs/quickstart.pfx"));
    assertThat(params.secret("password").orElseThrow().length()).isEqualTo(14);
    assertThat(config.toString()).doesNotContain("QuickStartPFX!");
  }

  private static String stamping(String authority) {
    return BRIEF.replaceFirst(
        "\\{",
        "{ \"timestamping\": { \"authorities\": [{ \"url\": \"http://ts.example/\", "
            + authority
            + " }], \"hedge\": false },");
  }

  @Test
  void readsWhatIsAskedOfATimeStampAuthority() throws IOException {
    var timestamping =
        load(stamping("\"policy_oid\": \"1.3.6.1.4.1.99\", \"max_per_minute\": 30")).timestamping();
    assertThat(timestamping.hedge()).isFalse();
    assertThat(timestamping.authorities())
        .containsExactly(
            new ServerConfig.Authority(
                URI.create("http://ts.example/"),
                StampProtocol.RFC3161,
                Optional.empty(),
                Optional.of("1.3.6.1.4.1.99"),
                30));
    for (String wrong : List.of("1", "3.1", "1.40.1", "1.2.x", "1..2", "1.2.", "1.2.01")) {
      assertThat(problems(stamping("\"policy_oid\": \"" + wrong + "\"")))
          .as(wrong)
          .singleElement()
          .asString()
          .contains("/timestamping/authorities/0/policy_oid", "no object identifier");
    }
  }

  @Test
  void readsHowAnAuthorityIsAsked() throws IOException {
    var timestamping = load(stamping("\"protocol\": \"authenticode\"")).timestamping();
    assertThat(timestamping.speaking(StampProtocol.AUTHENTICODE))
        .isEqualTo(timestamping.authorities())
        .hasSize(1);
    assertThat(timestamping.speaking(StampProtocol.RFC3161)).isEmpty();
    assertThat(problems(stamping("\"protocol\": \"authenticode\", \"policy_oid\": \"1.2.3\"")))
        .singleElement()
        .asString()
        .contains("/timestamping/authorities/0/policy_oid", "under no policy");
    assertThat(problems(stamping("\"protocol\": \"pkcs9\"")))
        .singleElement()
        .asString()
        .contains("/timestamping/authorities/0/protocol");
  }

  @Test
  void warnsOfTheProviderTypeAnotherBuildKnowsAndLoadsTheRest() throws IOException {
    ServerConfig config =
        load(
            BRIEF.replace(
                "\"providers\": [",
                "\"providers\": [ { \"name\": \"ev\", \"type\": \"AzureTS\","
                    + " \"params\": { \"account\": \"a\" } },"));
    assertThat(config.warnings()).singleElement().asString().contains("\"ev\" is off");
    assertThat(config.providers()).hasSize(2);
  }

  @Test
  void aKeyForApksSignsNothingElse() {
    String provider =
        """
        { "providers": [{ "name": "a", "type": "SoftHSM2", "rules": { "formats": [%s] } }] }
        """;
    String both = provider.formatted("\"apk\", \"authenticode\"");
    assertThat(problems(both))
        .anyMatch(p -> p.contains("/rules/formats") && p.contains("apk must sign nothing else"));
    assertThat(problems(provider.formatted("\"apk\"")))
        .noneMatch(p -> p.contains("nothing else"))
        .isNotEmpty(); // of the parameters that are missing
  }

  @Test
  void reportsEveryProblemWithPlacePointerAndSuggestion() {
    assertThat(
            problems(
                """
                {
                  "sever": {},
                  "server": {
                    "prot": 1,
                    "port": 99999,
                    "tls": { "enabled": "no" },
                    "log": { "level": "chatty" }
                  },
                  "audit": { "retention_days": 1.5 },
                  "providers": [ { "name": "a b", "type": "PFZ", "params": {} } ]
                }
                """))
        .anySatisfy(p -> assertThat(p).startsWith("f:2:12 /sever: unknown key").contains("server"))
        .anySatisfy(p -> assertThat(p).startsWith("f:4:13 /server/prot").contains("\"port\"?"))
        .anySatisfy(p -> assertThat(p).startsWith("f:5:13 /server/port: 99999 is out of range"))
        .anySatisfy(p -> assertThat(p).startsWith("f:6:25 /server/tls/enabled: true or false"))
        .anySatisfy(p -> assertThat(p).contains("/server/log/level").contains("is not a choice"))
        .anySatisfy(p -> assertThat(p).startsWith("f:9:32 /audit/retention_days"))
        .anySatisfy(p -> assertThat(p).contains("\"a b\" is no name"))
        .anySatisfy(p -> assertThat(p).contains("PFZ").contains("Did you mean \"PFX\"?"));
  }

  @Test
  void namesTheVariableThatIsNotSetAndHowToSetIt() {
    environment.clear();
    assertThat(problems(BRIEF))
        .singleElement()
        .asString()
        .contains("/providers/0/params/password_env")
        .contains("SGCSIGN_PFX_PW is not set")
        .contains("systemctl")
        .contains("setx /M SGCSIGN_PFX_PW")
        .contains("export SGCSIGN_PFX_PW");
  }

  @Test
  void readsAnyValueFromTheEnvironmentButOnlySecretsFromFiles() throws IOException {
    environment.put("PORT", "9000");
    environment.put("ON", "false");
    Files.writeString(folder.resolve("pw"), "secret-from-file\n");
    ServerConfig config =
        load(
            BRIEF
                .replace("\"port\": 8443", "\"port_env\": \"PORT\"")
                .replace("\"enabled\": false", "\"enabled_env\": \"ON\"")
                .replace("\"password_env\": \"SGCSIGN_PFX_PW\"", "\"password_file\": \"pw\""));
    assertThat(config.server().port()).isEqualTo(9000);
    assertThat(
            config
                .providers()
                .getFirst()
                .params()
                .orElseThrow()
                .secret("password")
                .orElseThrow()
                .length())
        .isEqualTo("secret-from-file".length());
    assertThat(problems(BRIEF.replace("\"file\": \"certs", "\"file_file\": \"certs")))
        .anySatisfy(p -> assertThat(p).contains("unknown key \"file_file\""));
  }

  @Test
  void namesTheCommandThatMakesAMissingTlsCertificate() {
    assertThat(problems("{ \"server\": { \"port\": 1 } }"))
        .singleElement()
        .asString()
        .contains("/server/tls")
        .contains("sgcsign-server test-cert --tls");
  }

  @Test
  void refusesPlaintextBeyondThisMachine() {
    assertThat(problems(BRIEF.replace("127.0.0.1", "0.0.0.0")))
        .singleElement()
        .asString()
        .contains("loopback");
  }

  @Test
  void refusesWhatStandsTwice() {
    assertThat(problems("{ \"audit\": {}, \"audit\": {} }"))
        .singleElement()
        .asString()
        .startsWith("f:1:16")
        .contains("stands twice");
    environment.put("PORT", "1");
    assertThat(problems(BRIEF.replace("\"port\": 8443", "\"port\": 1, \"port_env\": \"PORT\"")))
        .anySatisfy(p -> assertThat(p).contains("given twice"));
  }

  @Test
  void saysWhereTheTextIsNoJson() {
    assertThat(problems("{\n  \"server\": {,}\n}")).singleElement().asString().startsWith("f:2:14");
    assertThatThrownBy(() -> loader().load(folder.resolve("missing.json")))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void looksInTheDocumentedPlaces() {
    Path here = Path.of("work");
    assertThat(loader().places(here))
        .containsExactly(
            here.resolve(ConfigLoader.FILE_NAME),
            Path.of("/etc/sgcsign").resolve(ConfigLoader.FILE_NAME));
    environment.put("SGCSIGN_CONFIG", "/x/y.json");
    assertThat(loader().places(here)).containsExactly(Path.of("/x/y.json"));
  }

  @Test
  void loadsTheShippedSample() {
    Path sample = Path.of("..", "conf", "sgcSignServer.conf.sample.json");
    assertThat(loader().load(sample).warnings()).isEmpty();
  }

  @Test
  void mentionsEveryKeyInTheShippedSample() throws IOException {
    String sample = Files.readString(Path.of("..", "conf", "sgcSignServer.conf.sample.json"));
    assertThat(names(ConfigSpec.ROOT)).allSatisfy(n -> assertThat(sample).contains("\"" + n));
  }

  private static List<String> names(Spec.Block block) {
    return block.keys().stream()
        .filter(k -> !k.name().equals("test_authority"))
        .flatMap(k -> {
          var own = Stream.of(k.name());
          return switch (k.spec()) {
            case Spec.Block inner -> Stream.concat(own, names(inner).stream());
            case Spec.Items(Spec.Block inner) -> Stream.concat(own, names(inner).stream());
            default -> own;
          };
        })
        .toList();
  }
}
