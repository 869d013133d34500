// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import io.sgcsign.bytes.Secret;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.pki.CertificateChain;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Optional;

/** A key and its chain from PEM files, for TLS: the one place that hands out a private key. */
public record PemIdentity(PrivateKey key, CertificateChain chain) {
  /**
   * Reads and matches them.
   *
   * @throws KeyException if they cannot be read or do not belong together
   */
  public static PemIdentity read(
      Path certificate, Path key, Optional<Secret> password, CryptoBackend backend) {
    var files = List.of(new KeyFile(certificate), new KeyFile(key));
    KeyMaterial material = new PemReader(files, password).read();
    return new PemIdentity(material.key(), material.toSigningKey(backend).chain());
  }
}
