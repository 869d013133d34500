// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.crypto;

import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** EMSA-PKCS1-v1_5 and EMSA-PSS over a ready digest (RFC 8017 §9). Results fill the modulus. */
final class RsaEncoding {
  private static final int TRAILER = 0xbc;

  private RsaEncoding() {}

  /** RFC 8017 §9.2. */
  static byte[] pkcs1(Digest digest, int modulusBits) throws InvalidKeyException {
    byte[] prefix = digestInfo(digest.algorithm());
    int hash = digest.algorithm().length();
    byte[] out = new byte[(modulusBits + 7) / 8];
    int separator = out.length - prefix.length - hash - 1;
    if (separator < 10) { // 00 01 and eight times ff
      throw new InvalidKeyException("The RSA key is too short for " + digest.algorithm());
    }
    out[1] = 1;
    Arrays.fill(out, 2, separator, (byte) 0xff);
    System.arraycopy(prefix, 0, out, separator + 1, prefix.length);
    digest.value().copyTo(0, out, out.length - hash, hash);
    return out;
  }

  /** DigestInfo up to the digest (RFC 8017 §9.2 note 1). */
  private static byte[] digestInfo(DigestAlgorithm algorithm) {
    return HexFormat.of()
        .parseHex(
            switch (algorithm) {
              case SHA1 -> "3021300906052b0e03021a05000414";
              case SHA256 -> "3031300d060960864801650304020105000420";
              case SHA384 -> "3041300d060960864801650304020205000430";
              case SHA512 -> "3051300d060960864801650304020305000440";
            });
  }

  /** RFC 8017 §9.1.1 with MGF1 over the same hash. */
  static byte[] pss(Digest digest, int modulusBits, byte[] salt) throws InvalidKeyException {
    int emBits = modulusBits - 1;
    byte[] em = new byte[(emBits + 7) / 8];
    int hash = digest.algorithm().length();
    int dbLength = em.length - hash - 1;
    if (dbLength < salt.length + 1) {
      throw new InvalidKeyException("The RSA key is too short for PSS with " + digest.algorithm());
    }
    byte[] h = saltedHash(digest, salt);
    em[dbLength - salt.length - 1] = 1;
    System.arraycopy(salt, 0, em, dbLength - salt.length, salt.length);
    mask(em, dbLength, h, digest.algorithm());
    em[0] &= (byte) (0xff >>> (8 * em.length - emBits));
    System.arraycopy(h, 0, em, dbLength, hash);
    em[em.length - 1] = (byte) TRAILER;
    byte[] out = new byte[(modulusBits + 7) / 8];
    System.arraycopy(em, 0, out, out.length - em.length, em.length);
    return out;
  }

  /** RFC 8017 §9.1.2 with a salt as long as the hash. */
  static boolean isPss(byte[] encoded, Digest digest, int modulusBits) {
    int emBits = modulusBits - 1;
    int emLength = (emBits + 7) / 8;
    int hash = digest.algorithm().length();
    int dbLength = emLength - hash - 1;
    int saltAt = dbLength - hash;
    if (encoded.length < emLength || saltAt < 1) {
      return false;
    }
    byte[] em = Arrays.copyOfRange(encoded, encoded.length - emLength, encoded.length);
    int unusedBits = 8 * emLength - emBits;
    byte[] h = Arrays.copyOfRange(em, dbLength, dbLength + hash);
    if ((em[emLength - 1] & 0xff) != TRAILER
        || (em[0] & 0xff) >>> (8 - unusedBits) != 0
        || (encoded.length > emLength && encoded[0] != 0)) {
      return false;
    }
    mask(em, dbLength, h, digest.algorithm());
    em[0] &= (byte) (0xff >>> unusedBits);
    for (int i = 0; i < saltAt - 1; i++) {
      if (em[i] != 0) {
        return false;
      }
    }
    byte[] salt = Arrays.copyOfRange(em, saltAt, dbLength);
    return em[saltAt - 1] == 1 && MessageDigest.isEqual(h, saltedHash(digest, salt));
  }

  private static byte[] saltedHash(Digest digest, byte[] salt) {
    MessageDigest state = digest.algorithm().newMessageDigest();
    state.update(new byte[8]);
    state.update(digest.value().toArray());
    return state.digest(salt);
  }

  /** Applies MGF1 (RFC 8017 B.2.1) of {@code seed} to the first {@code length} bytes. */
  private static void mask(byte[] data, int length, byte[] seed, DigestAlgorithm algorithm) {
    MessageDigest state = algorithm.newMessageDigest();
    for (int at = 0, counter = 0; at < length; counter++) {
      state.update(seed);
      state.update(
          new byte[] {
            (byte) (counter >>> 24), (byte) (counter >>> 16), (byte) (counter >>> 8), (byte) counter
          });
      byte[] block = state.digest();
      for (int i = 0; i < block.length && at < length; i++, at++) {
        data[at] ^= block[i];
      }
    }
  }
}
