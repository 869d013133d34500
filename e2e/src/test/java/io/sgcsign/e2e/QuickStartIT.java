// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.SampleProgram;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quick start of the announcement, word by word; only the port is another. */
final class QuickStartIT {
  private static final String MINIMAL =
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

  private static final String CURL =
      """
      curl -X POST http://localhost:8443/api/v1/sign/authenticode ^
        -H "X-API-Key: sgcsk_..." ^
        -F file=@app.exe ^
        -F provider=pfx-quickstart ^
        -F hash=sha256 ^
        --output app-signed.exe
      """;

  private static final Map<String, String> SECRETS =
      Map.of("SGCSIGN_ADMIN_INIT_PW", "ChangeMeNow!", "SGCSIGN_PFX_PW", "QuickStartPFX!");

  @TempDir private Path folder;

  @Test
  void signsATestProgramWithCurl() throws IOException {
    var curl = Tool.require("curl");
    int port = Site.freePort();
    makeCertificate();
    var site = Site.in(folder).write(MINIMAL.replace("8443", Integer.toString(port)));
    SECRETS.forEach(site::variable);
    SampleProgram.create().writeTo(Files.newOutputStream(folder.resolve("app.exe")));

    Packaged.Run selftest = site.run("--selftest-providers");
    assertThat(selftest.exit()).as(selftest.output()).isZero();
    assertThat(selftest.output()).contains("ok    pfx-quickstart (PFX) CN=");
    try (var server = site.start();
        var api = Api.of(server.uri())) {
      assertThat(server.uri()).hasPort(port).hasScheme("http");
      String key = keyOf(api);
      assertThat(key).startsWith("sgcsk_");
      shell(
          CURL.replace("^", "\\")
              .replace("8443", Integer.toString(port))
              .replace("sgcsk_...", key));
    }
    assertThat(curl).isNotNull();
    verifies(folder.resolve("app-signed.exe"));
  }

  /** Step 1 on any system. */
  private void makeCertificate() throws IOException {
    Files.createDirectory(folder.resolve("certs"));
    Packaged.Run made =
        Packaged.run(
            Packaged.server(
                "test-cert",
                "--out",
                "certs/quickstart.pfx",
                "--password-env",
                "SGCSIGN_PFX_PW",
                "--subject",
                "sgcSign Quickstart"),
            SECRETS,
            folder);
    assertThat(made.exit()).as(made.output()).isZero();
  }

  private static String keyOf(Api api) {
    Answer login =
        api.json(
            "POST", "/api/v1/admin/login", "{\"user\": \"admin\", \"password\": \"ChangeMeNow!\"}");
    var admin = api.with("Authorization", "Bearer " + login.string("token"));
    return admin.newKey("{\"name\": \"quickstart\"}");
  }

  private void shell(String script) {
    Packaged.Run run = Packaged.run(List.of("sh", "-ec", script), Map.of(), folder);
    assertThat(run.exit()).as(run.output()).isZero();
  }

  private void verifies(Path signed) {
    Tool openssl = Tool.require("openssl");
    Path certificate = folder.resolve("quickstart.pem");
    openssl.succeed(
        "pkcs12",
        "-in",
        folder.resolve("certs/quickstart.pfx"),
        "-nokeys",
        "-passin",
        "pass:QuickStartPFX!",
        "-out",
        certificate);
    Tool.require("osslsigncode").succeed("verify", "-CAfile", certificate, "-in", signed);
  }

  @Test
  void makesATestCertificateThatOpensslReads() throws IOException {
    Tool openssl = Tool.require("openssl");
    makeCertificate();
    Path file = folder.resolve("certs/quickstart.pfx");

    String certificate =
        openssl.succeed("pkcs12", "-in", file, "-nokeys", "-passin", "pass:QuickStartPFX!");
    Path pem = TestPki.write(folder.resolve("leaf.pem"), certificate);
    String text = openssl.succeed("x509", "-in", pem, "-noout", "-text");

    assertThat(text).contains("sgcSign Quickstart", "TEST", "Code Signing", "3072 bit");
    assertThat(openssl.run("pkcs12", "-in", file, "-nokeys", "-passin", "pass:wrong").ok())
        .isFalse();
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    Bytes before = Bytes.wrap(Files.readAllBytes(file));
    Packaged.Run again =
        Packaged.run(
            Packaged.server(
                "test-cert", "--out", "certs/quickstart.pfx", "--password-env", "SGCSIGN_PFX_PW"),
            SECRETS,
            folder);
    assertThat(again.exit()).as(again.output()).isEqualTo(78);
    assertThat(again.output()).contains("exists already");
    assertThat(Bytes.wrap(Files.readAllBytes(file))).isEqualTo(before);
  }

  /** The announcement's large configuration; its later provider is only a warning. */
  @Test
  void startsWithTheLargeConfiguration() throws IOException {
    Files.createDirectory(folder.resolve("certs"));
    // the passwords of the announcement are refused beyond loopback
    var secrets = new HashMap<>(SECRETS);
    secrets.put("SGCSIGN_PFX_PW", Site.ADMIN_PASSWORD);
    secrets.put("SGCSIGN_ADMIN_INIT_PW", Site.ADMIN_PASSWORD);
    Packaged.Run tls =
        Packaged.run(
            Packaged.server(
                "test-cert", "--tls", "--out", "certs/server.crt", "--key-out", "certs/server.key"),
            secrets,
            folder);
    assertThat(tls.exit()).as(tls.output()).isZero();
    Packaged.Run pfx =
        Packaged.run(
            Packaged.server(
                "test-cert", "--out", "certs/build.pfx", "--password-env", "SGCSIGN_PFX_PW"),
            secrets,
            folder);
    assertThat(pfx.exit()).as(pfx.output()).isZero();
    int port = Site.freePort();
    var site = Site.in(folder).write(LARGE.replace("8443", Integer.toString(port)));
    secrets.forEach(site::variable);
    try (var server = site.start()) {
      assertThat(server.uri()).hasPort(port).hasScheme("https");
      assertThat(server.log()).contains("ev-release", "AzureTS");
    }
  }

  private static final String LARGE =
      """
      {
        "server": {
          "listen": "0.0.0.0",
          "port": 8443,
          "tls": {
            "enabled": true,
            "cert_file": "certs/server.crt",
            "key_file": "certs/server.key"
          },
          "max_upload_mb": 512,
          "firewall": {
            "enabled": true,
            "whitelist": ["10.0.0.0/8"],
            "brute_force": { "enabled": true, "max_attempts": 5, "ban_duration_sec": 900 },
            "rate_limit": { "enabled": true, "max_connections_per_ip": 30, "time_window_sec": 60 }
          }
        },
        "storage": { "sqlite_path": "data/sgcsignserver.db" },
        "admin": {
          "initial_user": "admin",
          "initial_password_env": "SGCSIGN_ADMIN_INIT_PW",
          "session_timeout_minutes": 60
        },
        "audit": { "retention_days": 365 },
        "providers": [
          {
            "name": "pfx-build",
            "type": "PFX",
            "params": { "file": "certs/build.pfx", "password_env": "SGCSIGN_PFX_PW" }
          },
          {
            "name": "ev-release",
            "type": "AzureTS",
            "params": {
              "tenant_id": "00000000-0000-0000-0000-000000000000",
              "client_id": "00000000-0000-0000-0000-000000000000",
              "client_secret_env": "SGCSIGN_AZURE_TS_SECRET",
              "account": "your-account",
              "certificate_profile": "your-profile",
              "endpoint": "https://eus.codesigning.azure.net/"
            }
          }
        ]
      }
      """;
}
