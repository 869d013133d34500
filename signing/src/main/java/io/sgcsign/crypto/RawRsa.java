// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.crypto;

import io.sgcsign.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import javax.crypto.Cipher;

/** RSASP1 and RSAVP1 (RFC 8017 §5.2) of a provider. */
record RawRsa(Provider provider) {

  Bytes sign(PrivateKey key, byte[] encoded) throws GeneralSecurityException {
    return apply(Cipher.DECRYPT_MODE, key, encoded);
  }

  Bytes open(PublicKey key, Bytes signature) throws GeneralSecurityException {
    return apply(Cipher.ENCRYPT_MODE, key, signature.toArray());
  }

  private Bytes apply(int mode, Key key, byte[] input) throws GeneralSecurityException {
    // ECB and no padding: the bare operation; padding is the encoding's business
    Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding", provider);
    cipher.init(mode, key);
    return Bytes.wrap(cipher.doFinal(input));
  }
}
