// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import io.sgcsign.bytes.Secret;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.Pem;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A folder with a key, its certificates and what other programs make of them. */
final class KeyFilesFixture {
  static final String PASSWORD = "pä$$ word";
  private static final SecureRandom RANDOM = new SecureRandom();
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final TestAuthority CA =
      TestAuthority.create(new TestAuthority.Setup(KeyType.EC_P256, NOW, true, null), RANDOM);

  private final Path folder;
  private final Issued issued;
  private Instant now = NOW;

  KeyFilesFixture(Path folder, KeyType type) {
    this.folder = folder;
    this.issued = issue(type);
    write("key.pem", issued.privateKeyPem());
    write("leaf.pem", Pem.encode(List.of(issued.certificate())));
    var above = issued.chain().certificates().subList(1, 3);
    write("above.pem", Pem.encode(above));
    write("all.pem", issued.certificatesPem());
    write("mixed.pem", Pem.encode(new ArrayList<>(issued.chain().certificates()).reversed()));
  }

  static Issued issue(KeyType type) {
    return CA.issue(LeafProfile.codeSigning("Key File TEST", type, NOW));
  }

  CertificateChain chain() {
    return issued.chain();
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(path(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text(String name) {
    try {
      return Files.readString(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Exports key, leaf and issuers as {@code name}. */
  Path export(String name, Object... options) {
    var arguments = new ArrayList<Object>(List.of("pkcs12", "-export", "-out", path(name)));
    arguments.addAll(List.of("-inkey", path("key.pem"), "-in", path("all.pem")));
    arguments.addAll(List.of("-passout", passwordFile()));
    arguments.addAll(List.of(options));
    Tool.require("openssl").succeed(arguments.toArray());
    return path(name);
  }

  /** Not on the command line: there the locale decides how it is encoded. */
  String passwordFile() {
    return "file:" + write("password.txt", PASSWORD + "\n");
  }

  Path openssl(String out, Object... arguments) {
    var all = new ArrayList<Object>(List.of(arguments));
    all.addAll(List.of("-out", path(out)));
    Tool.require("openssl").succeed(all.toArray());
    return path(out);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  KeySession pfx(Path file, String password, Map<String, String> more) {
    var plain = new java.util.HashMap<>(more);
    plain.put("file", file.toString());
    return open("PFX", new Params(plain, Map.of("password", Secret.of(password))));
  }

  KeySession pfx(Path file) {
    return pfx(file, PASSWORD, Map.of());
  }

  KeySession open(String type, Params params) {
    InstantSource clock = () -> now;
    var environment = new KeyEnvironment(CryptoBackend.select(RANDOM), clock);
    return KeyProviders.byType(type).orElseThrow().open(params, environment);
  }
}
