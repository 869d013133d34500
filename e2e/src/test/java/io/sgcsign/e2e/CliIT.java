// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.pki.KeyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command line against the packaged server, beyond signing. */
final class CliIT {
  @TempDir private Path folder;

  private Packaged.Run run(Map<String, String> variables, String... words) {
    return Packaged.run(Packaged.client(words), variables, folder);
  }

  private void ends(int exit, Packaged.Run run, String... words) {
    assertThat(run.exit()).as(run.output()).isEqualTo(exit);
    assertThat(words).allSatisfy(word -> assertThat(run.output()).contains(word));
  }

  @Test
  void verifiesHereOrThereAndTellsAboutKeyAndServer() throws IOException {
    Path place = Files.createDirectory(folder.resolve("site"));
    Site site =
        Site.in(place)
            .provider("build", TestPki.create().selfSigned("Cli", KeyType.EC_P256))
            .write();
    Files.write(folder.resolve("app.exe"), Programs.x64().toArray());
    Files.write(folder.resolve("plain.exe"), Programs.numbered(1).toArray());
    try (var server = site.start();
        var api = Api.of(server.uri())) {
      var user =
          Map.of(
              "SGCSIGN_SERVER", server.uri().toString(),
              "SGCSIGN_APIKEY", api.admin().newKey("{\"name\": \"ci-key\"}"));

      // options stand behind the name as well
      ends(0, run(user, "sign", "app.exe", "-p", "build", "-f", "authenticode", "--desc", "App"));
      ends(0, run(user, "verify", "app.exe"), "valid");
      ends(4, run(user, "verify", "plain.exe"), "unsigned");
      ends(10, run(user, "verify", "app.exe", "plain.exe"));
      ends(3, run(user, "verify", "app.exe", "--at", "2099-01-01"));
      assertThat(LedgerFile.count(site.database(), "verify.performed")).isZero();
      ends(0, run(user, "verify", "app.exe", "--remote"), "valid");
      assertThat(LedgerFile.count(site.database(), "verify.performed")).isEqualTo(1);
      ends(2, run(Map.of(), "verify", "app.exe"), "--trust");
      ends(0, run(user, "keys", "show"), "ci-key");
      ends(0, run(user, "health"));
    }
  }

  @Test
  void tellsThatAServerDoesNotSign() {
    Site site =
        Site.in(folder)
            .rawProvider(
                """
                { "name": "gone", "type": "PFX", "required": false,
                  "params": { "file": "none.pfx", "password_env": "E2E_PFX_PW" } }
                """)
            .write();
    try (var server = site.start();
        var api = Api.of(server.uri())) {
      var user =
          Map.of(
              "SGCSIGN_SERVER", server.uri().toString(),
              "SGCSIGN_APIKEY", api.admin().newKey("{\"name\": \"probe\"}"));

      ends(9, run(user, "health"));
    }
    ends(9, run(Map.of("SGCSIGN_SERVER", "http://127.0.0.1:1"), "health"));
  }

  @Test
  void opensTheGateForWhatThisServerSignedAndNothingElse() throws IOException {
    Path place = Files.createDirectory(folder.resolve("site"));
    Site site =
        Site.in(place)
            .provider("build", TestPki.rsa().selfSigned("Gate", KeyType.RSA_2048))
            .write();
    Files.createDirectory(folder.resolve("dist"));
    Files.write(folder.resolve("dist/app.exe"), Programs.x64().toArray());
    Files.write(folder.resolve("dist/up.exe"), Programs.numbered(1).toArray());
    try (var server = site.start();
        var api = Api.of(server.uri())) {
      var user =
          Map.of(
              "SGCSIGN_SERVER", server.uri().toString(),
              "SGCSIGN_APIKEY", api.admin().newKey("{\"name\": \"ci-key\"}"));
      String[] gate = {
        "gate",
        "dist/*.exe",
        "--no-timestamp",
        "--subject",
        "Gate",
        "--recorded",
        "--from",
        "signed.json",
        "--report",
        "junit.xml"
      };

      ends(0, run(user, "sign", "dist/*.exe", "-p", "build", "--report", "signed.json"));
      ends(0, run(user, gate), "the gate is open: 2 passed");
      ends(0, run(user, "wdac", "dist/*.exe", "--as", "rules"), "CertPublisher Value=\"Gate\"");
      ends(11, run(user, "gate", "dist/app.exe"), "unstamped");
      ends(11, run(user, "gate", "dist/app.exe", "--no-timestamp", "--subject", "X"), "Gate");

      // as good a signature by the same key, but this server has not made it
      Files.write(folder.resolve("dist/up.exe"), elsewhere(place));
      ends(11, run(user, gate), "changed: ", "1 of 2 refused");
      ends(
          11,
          run(user, "gate", "dist/*.exe", "--no-timestamp", "--recorded"),
          "passed   dist/app.exe",
          "unrecorded: the server has completed none");
      assertThat(folder.resolve("junit.xml")).content().contains("failures=\"1\"");
    }
  }

  /** A program that a second server signed with the first one's key. */
  private byte[] elsewhere(Path first) throws IOException {
    Path place = Files.createDirectory(folder.resolve("other"));
    Files.copy(first.resolve("build.pfx"), place.resolve("build.pfx"));
    Site other =
        Site.in(place)
            .rawProvider(
                """
                { "name": "build", "type": "PFX",
                  "params": { "file": "build.pfx", "password_env": "E2E_PFX_PW" } }
                """)
            .write();
    try (var server = other.start();
        var api = Api.signedUp(server.uri())) {
      return api.sign(FormData.of(Programs.numbered(2), "build")).signed().toArray();
    }
  }
}
