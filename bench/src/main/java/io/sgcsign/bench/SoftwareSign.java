// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.sgcsign.pki.Issued;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/**
 * A signature by the fastest Java provider and nothing around it: what no server can beat.
 *
 * @param key in the provider's own form
 * @param algorithm as in {@code SHA256withRSA}
 */
record SoftwareSign(PrivateKey key, String algorithm) {
  /** The Amazon Corretto Crypto Provider. */
  static final Provider PROVIDER = AmazonCorrettoCryptoProvider.INSTANCE;

  static SoftwareSign of(Issued signer) throws GeneralSecurityException {
    AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
    PrivateKey given = signer.keys().getPrivate();
    boolean rsa = given.getAlgorithm().equals("RSA");
    PrivateKey key =
        KeyFactory.getInstance(given.getAlgorithm(), PROVIDER)
            .generatePrivate(new PKCS8EncodedKeySpec(given.getEncoded()));
    return new SoftwareSign(key, rsa ? "SHA256withRSA" : "SHA256withECDSA");
  }

  byte[] sign(byte[] message) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm, PROVIDER);
    signature.initSign(key);
    signature.update(message);
    return signature.sign();
  }
}
