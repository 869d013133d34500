// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTextTest {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  @Test
  void tellsEveryTypoOfOneCharacter() {
    var random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      String key = KeyText.create(new SecureRandom());
      assertThat(key).matches("sgcsk_[0-9A-Za-z]{49}");
      assertThat(KeyText.wellFormed(key)).isTrue();
      int at = random.nextInt(key.length());
      char other = DIGITS.charAt(random.nextInt(DIGITS.length()));
      if (other != key.charAt(at)) {
        assertThat(KeyText.wellFormed(key.substring(0, at) + other + key.substring(at + 1)))
            .isFalse();
      }
    }
  }

  @Test
  void tellsOtherTexts() {
    for (String text : new String[] {"", "sgcsk_", "sgcsk_x", "sgcst_" + "0".repeat(49)}) {
      assertThat(KeyText.wellFormed(text)).isFalse();
    }
  }
}
