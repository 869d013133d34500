// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/**
 * The keys of a run, each with a chain of leaf, intermediate and root as a public CA gives them.
 *
 * @param rsa RSA-3072
 * @param ec P-256
 */
record Identities(TestAuthority authority, Issued rsa, Issued ec, Issued tls) {
  /** Of files that live as long as the run, in a folder nobody else may read. */
  static final String PASSWORD = "bench-run-only";

  static final String ALIAS = "bench";

  static Identities create(Instant now, SecureRandom random) {
    var setup = new TestAuthority.Setup(KeyType.RSA_3072, now, true, null);
    TestAuthority authority = TestAuthority.create(setup, random);
    return new Identities(
        authority,
        authority.issue(LeafProfile.codeSigning("Bench RSA", KeyType.RSA_3072, now)),
        authority.issue(LeafProfile.codeSigning("Bench EC", KeyType.EC_P256, now)),
        authority.issue(
            LeafProfile.tlsServer(List.of("localhost", "127.0.0.1"), KeyType.EC_P256, now)));
  }

  /** Writes what servers and commands read. */
  void write(Path folder) throws IOException {
    Files.write(folder.resolve("rsa.pfx"), rsa.pkcs12(PASSWORD.toCharArray(), ALIAS).toArray());
    Files.write(folder.resolve("ec.pfx"), ec.pkcs12(PASSWORD.toCharArray(), ALIAS).toArray());
    Files.writeString(folder.resolve("root.pem"), authority.rootPem());
    Files.writeString(folder.resolve("tls.crt"), tls.certificatesPem());
    Files.writeString(folder.resolve("tls.key"), tls.privateKeyPem());
  }
}
