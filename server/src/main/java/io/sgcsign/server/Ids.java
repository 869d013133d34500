// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Identifiers that sort by time: 48 bits of milliseconds, 80 of chance, Crockford's base32. */
record Ids(InstantSource clock, SecureRandom random) implements Supplier<String> {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int TIME_DIGITS = 10;
  private static final int RANDOM_BYTES = 10;

  @Override
  public String get() {
    var out = new StringBuilder();
    long time = clock.millis();
    for (int i = TIME_DIGITS - 1; i >= 0; i--) {
      out.append(DIGITS.charAt((int) (time >>> (5 * i)) & 31));
    }
    byte[] chance = new byte[RANDOM_BYTES];
    random.nextBytes(chance);
    int bits = 0;
    int count = 0;
    for (byte b : chance) {
      bits = (bits << 8) | (b & 0xff);
      count += 8;
      while (count >= 5) {
        count -= 5;
        out.append(DIGITS.charAt((bits >>> count) & 31));
      }
    }
    return out.toString();
  }
}
