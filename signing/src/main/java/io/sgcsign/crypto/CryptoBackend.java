// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.crypto;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.SignatureAlgorithm;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Objects;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Signs and checks digests with the fastest providers at hand. Chosen once; works with explicit
 * {@link Provider} objects, never with the JVM-wide order. Thread-safe.
 *
 * <p>RSA is the raw operation on an encoding of our own (RFC 8017 §9), because the fast provider
 * has no {@code NONEwithRSA} and none signs a ready digest with PSS. ECDSA is {@code NONEwithECDSA}
 * with a DER signature.
 */
public final class CryptoBackend {
  private final String name;
  private final RawRsa rsa;
  private final Provider rsaKeys;
  private final Provider ec;
  private final SecureRandom random;

  private CryptoBackend(
      String name, Provider rsaCipher, Provider rsaKeys, Provider ec, SecureRandom random) {
    this.name = name;
    this.rsa = new RawRsa(rsaCipher);
    this.rsaKeys = rsaKeys;
    this.ec = ec;
    this.random = random;
  }

  /**
   * The fastest that works here: Amazon Corretto Crypto Provider for all; else Bouncy Castle for
   * EC, the JDK for RSA.
   *
   * @param random feeds PSS salts and, where the provider takes it, ECDSA
   */
  public static CryptoBackend select(SecureRandom random) {
    return accp()
        .map(all -> new CryptoBackend("accp " + all.getVersionStr(), all, all, all, random))
        .orElseGet(() -> portable(random));
  }

  /** What {@link #select} gives where there is no native library. */
  static CryptoBackend portable(SecureRandom random) {
    var bouncyCastle = new BouncyCastleProvider(); // twice as fast as the JDK for EC
    return new CryptoBackend(
        "bc (ec), jdk (rsa)", jdk("SunJCE"), jdk("SunRsaSign"), bouncyCastle, random);
  }

  /** The JDK alone: starts fastest, for a command that checks one signature. */
  public static CryptoBackend jdk(SecureRandom random) {
    return new CryptoBackend("jdk", jdk("SunJCE"), jdk("SunRsaSign"), jdk("SunEC"), random);
  }

  private static Optional<Provider> accp() {
    try {
      return Accp.load();
    } catch (LinkageError _) {
      return Optional.empty(); // the jar or its library is not there: what the fallback is for
    }
  }

  private static Provider jdk(String provider) {
    return Objects.requireNonNull(Security.getProvider(provider), provider);
  }

  /** For logs, health and metrics. */
  public String name() {
    return name;
  }

  /**
   * The key as an object of the provider that will use it. Done once a key: a foreign object would
   * be translated at every use, which doubles the time of a signature.
   */
  public PrivateKey importKey(PrivateKey key) throws GeneralSecurityException {
    byte[] encoded = key.getEncoded();
    if (encoded == null) {
      throw new GeneralSecurityException("The private key cannot leave its provider");
    }
    return factory(key.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  /** Same for the public key. */
  public PublicKey importKey(PublicKey key) throws GeneralSecurityException {
    var spec = new X509EncodedKeySpec(key.getEncoded());
    return factory(key.getAlgorithm()).generatePublic(spec);
  }

  private KeyFactory factory(String algorithm) throws GeneralSecurityException {
    boolean isRsa = algorithm.startsWith("RSA");
    return KeyFactory.getInstance(isRsa ? "RSA" : "EC", isRsa ? rsaKeys : ec);
  }

  /** Signs {@code digest}; ECDSA gives DER, PSS a salt as long as the digest. */
  public Bytes sign(PrivateKey key, Digest digest, SignatureAlgorithm algorithm)
      throws GeneralSecurityException {
    return switch (algorithm.scheme()) {
      case RSA_PKCS1 -> rsa.sign(key, RsaEncoding.pkcs1(digest, bits(key)));
      case RSA_PSS -> rsa.sign(key, RsaEncoding.pss(digest, bits(key), salt(digest)));
      case ECDSA -> {
        Signature signature = Signature.getInstance("NONEwithECDSA", ec);
        signature.initSign(key, random);
        signature.update(digest.value().toArray());
        yield Bytes.wrap(signature.sign());
      }
    };
  }

  private byte[] salt(Digest digest) {
    byte[] salt = new byte[digest.algorithm().length()];
    random.nextBytes(salt);
    return salt;
  }

  /**
   * Whether {@code signature} is one of {@code digest} under {@code key}; PSS only with a salt as
   * long as the digest.
   */
  public boolean verify(
      PublicKey key, Digest digest, Bytes signature, SignatureAlgorithm algorithm) {
    try {
      return switch (algorithm.scheme()) {
        case RSA_PKCS1 ->
            rsa.open(key, signature).equals(Bytes.wrap(RsaEncoding.pkcs1(digest, bits(key))));
        case RSA_PSS -> RsaEncoding.isPss(rsa.open(key, signature).toArray(), digest, bits(key));
        case ECDSA -> verifyEc(key, digest, signature);
      };
    } catch (GeneralSecurityException _) {
      return false; // what cannot be checked is not good
    }
  }

  private boolean verifyEc(PublicKey key, Digest digest, Bytes value)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("NONEwithECDSA", ec);
    signature.initVerify(key);
    signature.update(digest.value().toArray());
    return signature.verify(value.toArray());
  }

  private static int bits(Key key) throws GeneralSecurityException {
    if (key instanceof RSAKey rsaKey) {
      return rsaKey.getModulus().bitLength();
    }
    throw new InvalidKeyException("Not an RSA key: " + key.getAlgorithm());
  }
}
