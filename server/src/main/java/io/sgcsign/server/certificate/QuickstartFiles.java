// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.certificate;

import io.sgcsign.bytes.Secret;
import io.sgcsign.layout.pe.SampleProgram;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * Everything a first server needs, in one private folder: TEST certificates, configuration, a PE.
 */
public final class QuickstartFiles {
  private final Instant now;
  private final SecureRandom random;

  public QuickstartFiles(Instant now, SecureRandom random) {
    this.now = now;
    this.random = random;
  }

  /**
   * Makes the folder.
   *
   * @param port of the server
   * @param testPort of the TEST authority's listener
   * @param configName the configuration file's name
   */
  public void create(Path folder, int port, int testPort, String configName) throws IOException {
    PrivateFiles.folder(folder);
    PrivateFiles.folder(folder.resolve("pki"));
    PrivateFiles.folder(folder.resolve("tls"));
    String pfxPassword = password();
    String tsaPassword = password();
    var setup =
        new TestAuthority.Setup(
            KeyType.RSA_3072, now, true, URI.create("http://127.0.0.1:" + testPort + "/"));
    TestAuthority authority = TestAuthority.create(setup, random);
    write(folder.resolve("root.pem"), authority.rootPem());
    for (var entry : authority.publications(now, List.of()).entrySet()) {
      PrivateFiles.write(folder.resolve("pki").resolve(entry.getKey()), entry.getValue().toArray());
    }
    pfx(
        folder.resolve("signing.pfx"),
        authority.issue(LeafProfile.codeSigning("sgcsign Quickstart", KeyType.RSA_3072, now)),
        pfxPassword);
    pfx(
        folder.resolve("tsa.pfx"),
        authority.issue(LeafProfile.timeStamping("sgcsign Quickstart TSA", KeyType.RSA_3072, now)),
        tsaPassword);
    Issued tls =
        authority.issue(
            LeafProfile.tlsServer(List.of("localhost", "127.0.0.1"), KeyType.EC_P256, now));
    write(folder.resolve("tls/server.crt"), tls.certificatesPem());
    write(folder.resolve("tls/server.key"), tls.privateKeyPem());
    PrivateFiles.write(folder.resolve("hello.exe"), SampleProgram.create().toArray());
    write(folder.resolve(configName), config(port, testPort));
    // last: whoever finds this file finds all the others
    write(
        folder.resolve("secrets.env"),
        "SGCSIGN_ADMIN_INIT_PW='%s'\nSGCSIGN_PFX_PW='%s'\nSGCSIGN_TSA_PW='%s'\n"
            .formatted(password(), pfxPassword, tsaPassword));
  }

  /** Whether the folder was completed before. */
  public static boolean complete(Path folder) {
    return Files.exists(folder.resolve("secrets.env"));
  }

  private static void pfx(Path file, Issued issued, String password) throws IOException {
    try (Secret secret = Secret.of(password)) {
      PrivateFiles.write(file, issued.pkcs12(secret.reveal(), "sgcsign").toArray());
    }
  }

  private static void write(Path file, String text) throws IOException {
    PrivateFiles.write(file, TestCertificates.utf8(text));
  }

  private String password() {
    byte[] bytes = new byte[18];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String config(int port, int testPort) {
    return """
    {
      // Made by ./quickstart: everything here is for TESTS on this machine only.
      "server": {
        "listen": "127.0.0.1",
        "port": %d,
        "tls": { "enabled": true, "cert_file": "tls/server.crt", "key_file": "tls/server.key" },
        "firewall": { "rate_limit": { "max_connections_per_ip": 10000 } },
        "log_origin": "quickstart.sgcsign.example/log/1",
        "log": { "level": "warning" }
      },
      "providers": [
        {
          "name": "quickstart",
          "type": "PFX",
          "params": { "file": "signing.pfx", "password_env": "SGCSIGN_PFX_PW" }
        }
      ],
      "trust": { "anchors_file": "root.pem" },
      "test_authority": {
        "port": %d,
        "folder": "pki",
        "tsa_file": "tsa.pfx",
        "tsa_password_env": "SGCSIGN_TSA_PW",
        "root_file": "root.pem"
      }
    }
    """
        .formatted(port, testPort);
  }
}
