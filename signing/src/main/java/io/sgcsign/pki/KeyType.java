// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** A kind of key pair that can be made in software. */
public enum KeyType {
  /** Too short for anything but a test of its refusal. */
  RSA_1024(1024),
  RSA_2048(2048),
  /** The least that the CA/Browser Forum's code signing requirements §6.1.5.2 accept. */
  RSA_3072(3072),
  RSA_4096(4096),
  /** NIST P-256. */
  EC_P256("secp256r1", DigestAlgorithm.SHA256),
  /** NIST P-384. */
  EC_P384("secp384r1", DigestAlgorithm.SHA384),
  /** NIST P-521; few public CAs certify it. */
  EC_P521("secp521r1", DigestAlgorithm.SHA512);

  private final int bits;
  private final String curve;
  private final DigestAlgorithm digest;

  KeyType(int bits) {
    this.bits = bits;
    this.curve = "";
    this.digest = DigestAlgorithm.SHA256;
  }

  KeyType(String curve, DigestAlgorithm digest) {
    this.bits = 0;
    this.curve = curve;
    this.digest = digest;
  }

  /** Whether it is an elliptic curve key, else it is RSA. */
  public boolean elliptic() {
    return !curve.isEmpty();
  }

  public KeyPair generate(SecureRandom random) {
    try {
      var generator = KeyPairGenerator.getInstance(elliptic() ? "EC" : "RSA");
      generator.initialize(parameters(), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK cannot make a key of type " + this, e);
    }
  }

  private AlgorithmParameterSpec parameters() {
    return elliptic()
        ? new ECGenParameterSpec(curve)
        : new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4);
  }

  /** The digest whose strength fits the key. */
  public DigestAlgorithm digest() {
    return digest;
  }

  /** As in {@code Signature.getInstance("SHA256withRSA")}. */
  String jcaSignature() {
    return digest.jcaName().replace("-", "") + "with" + (elliptic() ? "ECDSA" : "RSA");
  }
}
