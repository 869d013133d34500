// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.DigestAlgorithm;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.interfaces.RSAPublicKey;

/** Public key tokens, as {@code sn.exe} prints them (ECMA-335 §II.6.2.1.3). */
final class StrongName {
  /** What a token looks like before there is a key. */
  static final String NO_TOKEN = "0000000000000000";

  /** CALG_RSA_SIGN and CALG_SHA1: what the blob says the key is for. */
  private static final int RSA_SIGN = 0x2400;

  private static final int SHA1 = 0x8004;

  /** PUBLICKEYBLOB, version 2. */
  private static final int PUBLIC_KEY_BLOB = 0x0206;

  private static final int RSA1 = 0x31415352;
  private static final int HEADER = 12;
  private static final int KEY_HEADER = 20;
  private static final int TOKEN = 8;

  private StrongName() {}

  /** The last eight bytes of the SHA-1 of the key's blob, the last one first. */
  static String token(RSAPublicKey key) {
    byte[] digest = DigestAlgorithm.SHA1.newMessageDigest().digest(blob(key).toArray());
    byte[] out = new byte[TOKEN];
    for (int i = 0; i < TOKEN; i++) {
      out[i] = digest[digest.length - 1 - i];
    }
    return Bytes.wrap(out).toHex();
  }

  private static Bytes blob(RSAPublicKey key) {
    int length = (key.getModulus().bitLength() + 7) / 8;
    ByteBuffer out =
        ByteBuffer.allocate(HEADER + KEY_HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(RSA_SIGN).putInt(SHA1).putInt(KEY_HEADER + length);
    out.putInt(PUBLIC_KEY_BLOB).putInt(RSA_SIGN).putInt(RSA1).putInt(8 * length);
    out.putInt(key.getPublicExponent().intValue());
    BigInteger rest = key.getModulus();
    for (int i = 0; i < length; i++) {
      out.put(rest.byteValue());
      rest = rest.shiftRight(8);
    }
    return Bytes.wrap(out.array());
  }
}
