// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.pki.CertificateChain;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a key file holds, in no particular order.
 *
 * @param source the file, for messages
 */
record KeyMaterial(String source, PrivateKey key, List<X509Certificate> certificates) {
  /** Certificates. Longer paths are not built by any public CA. */
  private static final int MAX_CHAIN = 10;

  KeyMaterial {
    certificates = List.copyOf(certificates);
  }

  /** The key with the chain that can be built from the certificates at hand, leaf first. */
  SoftwareKey toSigningKey(CryptoBackend backend) {
    if (certificates.isEmpty()) {
      throw new KeyException(
          source + " has a private key, but no certificate",
          "Add the certificate of the key (and those of its issuers).");
    }
    Optional<KeyException> unfit = Optional.empty();
    for (X509Certificate candidate : certificates) {
      if (candidate.getPublicKey().getAlgorithm().startsWith(key.getAlgorithm())) {
        try {
          return SoftwareKey.of(chainOf(candidate), key, backend);
        } catch (KeyException e) {
          unfit = unfit.or(() -> Optional.of(e));
        }
      }
    }
    throw unfit.orElseGet(() ->
        new KeyException(
            "No certificate in " + source + " is for the " + key.getAlgorithm() + " key",
            "Add the certificate of the key (and those of its issuers)."));
  }

  private CertificateChain chainOf(X509Certificate leaf) {
    var chain = new ArrayList<>(List.of(leaf));
    for (var next = issuer(leaf);
        next.isPresent() && chain.size() < MAX_CHAIN;
        next = issuer(chain.getLast())) {
      chain.add(next.get());
    }
    return new CertificateChain(chain);
  }

  /** The issuer if it is at hand; empty for a self-issued certificate. */
  private Optional<X509Certificate> issuer(X509Certificate certificate) {
    var name = certificate.getIssuerX500Principal();
    if (name.equals(certificate.getSubjectX500Principal())) {
      return Optional.empty();
    }
    return certificates.stream()
        .filter(c -> c.getSubjectX500Principal().equals(name) && signed(c, certificate))
        .findFirst();
  }

  private static boolean signed(X509Certificate issuer, X509Certificate certificate) {
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false; // another CA of the same name
    }
  }
}
