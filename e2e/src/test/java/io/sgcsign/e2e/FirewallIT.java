// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.wire.Code;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is turned away before anybody asks for a credential. */
final class FirewallIT {
  private static Issued key;
  @TempDir private Path folder;

  @BeforeAll
  static void makeKey() {
    key = TestPki.create().selfSigned("Firewall", KeyType.EC_P256);
  }

  private ServerProcess start(String firewall) {
    return Site.in(folder).provider("build", key).server("firewall", firewall).write().start();
  }

  /** A well-formed key that is good for nothing. */
  private static Api revoked(Api api) {
    Api admin = api.anonymous().admin();
    Answer made = admin.json("POST", "/api/v1/admin/keys", "{\"name\": \"gone\"}");
    assertThat(admin.call("DELETE", "/api/v1/admin/keys/" + made.string("id")).status())
        .isEqualTo(204);
    return api.anonymous().with("X-API-Key", made.string("key"));
  }

  @Test
  void bansAnAddressAfterFiveWrongKeysForAWhile() {
    try (var server =
            start(
                "{ \"brute_force\": { \"max_attempts\": 5, \"ban_duration_sec\": 3 },"
                    + " \"rate_limit\": { \"enabled\": false } }");
        var api = Api.signedUp(server.uri())) {
      Api guessing = revoked(api);
      for (int i = 0; i < 4; i++) {
        guessing.get("/api/v1/providers").problem(Code.CREDENTIALS_INVALID);
      }
      assertThat(api.get("/api/v1/providers").status()).as("a good key forgives").isEqualTo(200);
      for (int i = 0; i < 5; i++) {
        guessing.get("/api/v1/providers").problem(Code.CREDENTIALS_INVALID);
      }

      Answer banned = guessing.get("/api/v1/providers").problem(Code.BANNED);
      assertThat(Integer.parseInt(banned.header("Retry-After"))).isBetween(1, 3);
      api.get("/api/v1/providers").problem(Code.BANNED);
      api.login(Site.ADMIN_PASSWORD).problem(Code.BANNED);
      Poll.until(
          "the ban is logged",
          Duration.ofSeconds(20),
          () -> server.log().contains("firewall.banned"));
      Poll.until(
          "the ban ends",
          Duration.ofSeconds(20),
          () -> api.get("/api/v1/providers").status() == 200);
    }
  }

  @Test
  void countsWrongPasswordsButNoTypos() {
    try (var server =
            start(
                "{ \"brute_force\": { \"max_attempts\": 3, \"ban_duration_sec\": 600 },"
                    + " \"rate_limit\": { \"enabled\": false } }");
        var api = Api.signedUp(server.uri())) {
      Api typo = api.with("X-API-Key", "sgcsk_" + "0".repeat(49));
      for (int i = 0; i < 6; i++) {
        typo.get("/api/v1/providers").problem(Code.KEY_MALFORMED);
        api.anonymous().get("/api/v1/providers").problem(Code.CREDENTIALS_MISSING);
      }
      assertThat(api.get("/api/v1/providers").status()).isEqualTo(200);
      for (int i = 0; i < 3; i++) {
        api.login("wrong password " + i).problem(Code.CREDENTIALS_INVALID);
      }
      api.login(Site.ADMIN_PASSWORD).problem(Code.BANNED);
    }
  }

  @Test
  void limitsNewConnectionsAndLetsOpenOnesGoOn() {
    try (var server =
            start(
                "{ \"rate_limit\": { \"max_connections_per_ip\": 4, \"time_window_sec\": 600 } }");
        var api = Api.signedUp(server.uri())) {
      int refused = 0;
      for (int i = 0; i < 5; i++) {
        try (Api fresh = Api.of(server.uri())) {
          Answer answer = fresh.get("/api/v1/health/live");
          if (answer.status() != 200) {
            answer.problem(Code.RATE_LIMITED);
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 601);
            refused++;
          }
        }
      }
      assertThat(refused).isEqualTo(2);
      for (int i = 0; i < 10; i++) {
        assertThat(api.get("/api/v1/providers").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void listensOnlyToAddressesOfItsLists() {
    try (var server = start("{ \"whitelist\": [\"10.0.0.0/8\", \"2001:db8::/32\"] }");
        var api = Api.of(server.uri())) {
      Answer refused = api.get("/api/v1/health/live").problem(Code.FORBIDDEN);
      assertThat(refused.string("hint")).contains("server.firewall.whitelist");
    }
    try (var server = start("{ \"blacklist\": [\"127.0.0.0/8\"] }");
        var api = Api.of(server.uri())) {
      api.login(Site.ADMIN_PASSWORD).problem(Code.FORBIDDEN);
    }
    try (var server = start("{ \"enabled\": false, \"blacklist\": [\"127.0.0.0/8\"] }");
        var api = Api.of(server.uri())) {
      assertThat(api.get("/api/v1/health/live").status()).isEqualTo(200);
    }
  }
}
