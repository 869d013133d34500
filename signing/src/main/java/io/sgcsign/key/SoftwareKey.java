// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm.Scheme;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A private key in memory, imported once into the provider that uses it. */
public final class SoftwareKey implements SigningKey {
  /** Bits. Shorter RSA is broken in practice and refused by every public CA since 2014. */
  private static final int MIN_RSA_BITS = 2048;

  private final CertificateChain chain;
  private final PrivateKey key;
  private final CryptoBackend backend;
  private final Set<SignatureAlgorithm> algorithms;

  private SoftwareKey(
      CertificateChain chain,
      PrivateKey key,
      CryptoBackend backend,
      Set<SignatureAlgorithm> algorithms) {
    this.chain = chain;
    this.key = key;
    this.backend = backend;
    this.algorithms = algorithms;
  }

  /**
   * Checks and imports a key.
   *
   * @throws KeyException if it is too weak, of a kind we do not use or not the certificate's
   */
  public static SoftwareKey of(CertificateChain chain, PrivateKey key, CryptoBackend backend) {
    Set<SignatureAlgorithm> algorithms = algorithms(chain.leaf().getPublicKey());
    try {
      var imported = new SoftwareKey(chain, backend.importKey(key), backend, algorithms);
      imported.checkThatItFitsItsCertificate();
      return imported;
    } catch (GeneralSecurityException e) {
      throw new KeyException(
          "The private key cannot be used: " + e.getMessage(),
          "Use an RSA key, or an EC key on P-256, P-384 or P-521.",
          false,
          e);
    }
  }

  /** What a public key's private half can do, in order of preference. */
  private static Set<SignatureAlgorithm> algorithms(PublicKey key) {
    if (key instanceof RSAKey rsa) {
      int bits = rsa.getModulus().bitLength();
      if (bits < MIN_RSA_BITS) {
        throw new KeyException(
            "The RSA key has " + bits + " bits; less than " + MIN_RSA_BITS + " is not safe",
            "Get a certificate for a key of 3072 bits or more.");
      }
      return schemes(List.of(Scheme.RSA_PKCS1, Scheme.RSA_PSS), DigestAlgorithm.SHA256);
    }
    if (key instanceof ECKey ec) {
      return schemes(
          List.of(Scheme.ECDSA), preferred(ec.getParams().getCurve().getField().getFieldSize()));
    }
    throw new KeyException(
        "Keys of type " + key.getAlgorithm() + " cannot sign here",
        "Use an RSA key, or an EC key on P-256, P-384 or P-521.");
  }

  private static DigestAlgorithm preferred(int fieldBits) {
    return switch (fieldBits) {
      case 256 -> DigestAlgorithm.SHA256;
      case 384 -> DigestAlgorithm.SHA384;
      case 521 -> DigestAlgorithm.SHA512;
      default ->
          throw new KeyException(
              "The EC key is on a curve of " + fieldBits + " bits, which nobody verifies",
              "Use P-256, P-384 or P-521.");
    };
  }

  private static Set<SignatureAlgorithm> schemes(List<Scheme> schemes, DigestAlgorithm preferred) {
    var digests = new ArrayList<DigestAlgorithm>(List.of(preferred));
    digests.addAll(
        List.of(
            DigestAlgorithm.SHA256,
            DigestAlgorithm.SHA384,
            DigestAlgorithm.SHA512,
            DigestAlgorithm.SHA1));
    var out = new LinkedHashSet<SignatureAlgorithm>();
    for (Scheme scheme : schemes) {
      digests.forEach(digest -> out.add(new SignatureAlgorithm(scheme, digest)));
    }
    return Collections.unmodifiableSet(out);
  }

  private void checkThatItFitsItsCertificate() throws GeneralSecurityException {
    SignatureAlgorithm algorithm = algorithms.iterator().next();
    Digest digest = Digest.of(algorithm.digest(), Bytes.utf8("sgcsign key and certificate fit"));
    Bytes value = backend.sign(key, digest, algorithm);
    if (!backend.verify(chain.leaf().getPublicKey(), digest, value, algorithm)) {
      throw new KeyException(
          "The private key does not belong to the certificate",
          "Put the certificate of this very key into the file.");
    }
  }

  @Override
  public CertificateChain chain() {
    return chain;
  }

  @Override
  public Set<SignatureAlgorithm> algorithms() {
    return algorithms;
  }

  @Override
  public List<Bytes> sign(List<Digest> digests, SignatureAlgorithm algorithm) {
    try {
      var out = new ArrayList<Bytes>(digests.size());
      for (Digest digest : digests) {
        if (digest.algorithm() != algorithm.digest()) {
          throw new IllegalArgumentException(digest + " is not for " + algorithm);
        }
        out.add(backend.sign(key, digest, algorithm));
      }
      return out;
    } catch (GeneralSecurityException e) {
      throw new KeyException(
          "The key cannot sign with " + algorithm + ": " + e.getMessage(),
          "Choose one of " + algorithms + ".",
          false,
          e);
    }
  }
}
