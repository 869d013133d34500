// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.identity;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/**
 * The text of an API key: {@code sgcsk_}, 43 base62 digits of 256 random bits, 6 base62 digits of
 * their CRC-32. The checksum tells typos from revoked keys without a look-up and lets secret
 * scanners be sure.
 */
final class KeyText {
  static final String PREFIX = "sgcsk_";
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int BODY = 43;
  private static final int CHECK = 6;

  private KeyText() {}

  static String create(SecureRandom random) {
    String body = base62(new BigInteger(256, random), BODY);
    return PREFIX + body + check(body);
  }

  /** Whether {@code text} was once made by {@link #create}, as far as its checksum tells. */
  static boolean wellFormed(String text) {
    if (text.length() != PREFIX.length() + BODY + CHECK || !text.startsWith(PREFIX)) {
      return false;
    }
    String body = text.substring(PREFIX.length(), PREFIX.length() + BODY);
    return body.chars().allMatch(c -> DIGITS.indexOf(c) >= 0) && text.endsWith(check(body));
  }

  private static String check(String body) {
    var crc = new CRC32();
    crc.update((PREFIX + body).getBytes(StandardCharsets.US_ASCII));
    return base62(BigInteger.valueOf(crc.getValue()), CHECK);
  }

  private static String base62(BigInteger value, int digits) {
    var out = new StringBuilder();
    BigInteger rest = value;
    for (int i = 0; i < digits; i++) {
      BigInteger[] divided = rest.divideAndRemainder(BigInteger.valueOf(DIGITS.length()));
      out.append(DIGITS.charAt(divided[1].intValue()));
      rest = divided[0];
    }
    return out.reverse().toString();
  }
}
