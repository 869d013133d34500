// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.certificate;

import io.sgcsign.bytes.Secret;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/** Makes the certificates of first steps: never for anything others should trust. */
public final class TestCertificates {
  private static final String ALIAS = "sgcsign";

  private final Instant now;
  private final SecureRandom random;

  public TestCertificates(Instant now, SecureRandom random) {
    this.now = now;
    this.random = random;
  }

  /** A self-signed code-signing certificate with its key: the brief's step 1. */
  public void codeSigning(Path pfx, String commonName, KeyType keys, Secret password)
      throws IOException {
    Issued issued =
        TestAuthority.simple(KeyType.EC_P256, now, random)
            .issue(LeafProfile.codeSigning(commonName, keys, now).signedByItself());
    PrivateFiles.write(pfx, issued.pkcs12(password.reveal(), ALIAS).toArray());
  }

  /** A self-signed certificate for TLS as two PEM files. */
  public void tls(Path certificate, Path key, List<String> hosts) throws IOException {
    Issued issued =
        TestAuthority.simple(KeyType.EC_P256, now, random)
            .issue(LeafProfile.tlsServer(hosts, KeyType.EC_P256, now).signedByItself());
    PrivateFiles.write(certificate, utf8(issued.certificatesPem()));
    PrivateFiles.write(key, utf8(issued.privateKeyPem()));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
