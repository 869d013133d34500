// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Certificates for one test class: a root, an issuing CA, and whatever leaves it asks for. */
final class TestPki {
  /** Of every PKCS#12 file the tests write. */
  static final String PASSWORD = "e2e-file-password";

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final TestAuthority authority;

  private TestPki(KeyType keys) {
    this.authority =
        TestAuthority.create(new TestAuthority.Setup(keys, now, true, null), new SecureRandom());
  }

  static TestPki create() {
    return new TestPki(KeyType.EC_P256);
  }

  /** With CA keys that every verifier knows. */
  static TestPki rsa() {
    return new TestPki(KeyType.RSA_2048);
  }

  Instant now() {
    return now;
  }

  TestAuthority authority() {
    return authority;
  }

  /** A code-signing certificate of the authority. */
  Issued signer(String name, KeyType type) {
    return authority.issue(LeafProfile.codeSigning(name, type, now));
  }

  Issued selfSigned(String name, KeyType type) {
    return authority.issue(LeafProfile.codeSigning(name, type, now).signedByItself());
  }

  Issued stamper() {
    return authority.issue(LeafProfile.timeStamping("e2e TSA", KeyType.EC_P256, now));
  }

  /** A code-signing certificate with another time to live. */
  Issued signer(String name, Instant from, Instant to) {
    return authority.issue(LeafProfile.codeSigning(name, KeyType.EC_P256, now).valid(from, to));
  }

  Path rootFile(Path folder) {
    return write(folder.resolve("root.pem"), authority.rootPem());
  }

  static Path pfx(Path file, Issued issued) {
    try {
      return Files.write(file, issued.pkcs12(PASSWORD.toCharArray(), "e2e").toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
