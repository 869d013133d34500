// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DerTest {
  private static Der der(String hex) {
    return Der.checked(Bytes.fromHex(hex));
  }

  @Test
  void readsNumbersOfAnyLength() {
    assertThat(der("020100").integer()).isZero();
    assertThat(der("0202ff7f").integer()).isEqualTo(-129);
    assertThat(der("0209008000000000000000").integer()).isEqualTo(BigInteger.TWO.pow(63));
  }

  @ParameterizedTest
  @CsvSource({
    "06032a0304, 1.2.3.4",
    "060a2b060104018237020104, 1.3.6.1.4.1.311.2.1.4",
    "0603550403, 2.5.4.3",
    "0603883703, 2.999.3"
  })
  void readsObjectIdentifiers(String hex, String oid) {
    assertThat(der(hex).oid()).isEqualTo(oid);
  }

  @ParameterizedTest
  @CsvSource({
    "170d3236313132313132303030305a, 2026-11-21T12:00:00Z",
    "170d3530303130313030303030305a, 1950-01-01T00:00:00Z",
    "180f32303236313132313132303030305a, 2026-11-21T12:00:00Z",
    "181332303236313132313132303030302e3132355a, 2026-11-21T12:00:00.125Z"
  })
  void readsTimes(String hex, Instant time) {
    assertThat(der(hex).time()).isEqualTo(time);
  }

  @Test
  void walksOverChildrenAndKeepsTheirBytes() {
    Der sequence = der("30080201050403616263");
    DerCursor inside = sequence.sequence();
    assertThat(inside.optional(Der.OID)).isEmpty();
    assertThat(inside.next(Der.INTEGER).encoded().toHex()).isEqualTo("020105");
    assertThat(inside.next().octets().toUtf8()).isEqualTo("abc");
    assertThatCode(inside::end).doesNotThrowAnyException();
    assertThatThrownBy(inside::next).isInstanceOf(DerException.class);
  }

  @Test
  void readsIndefiniteLengthsAndOctetStringsInPieces() {
    Der sequence = der("3080" + "2480040161040162" + "0000" + "020107" + "0000");
    DerCursor inside = sequence.sequence();
    assertThat(inside.next().octets().toUtf8()).isEqualTo("ab");
    assertThat(inside.next().integer()).isEqualTo(7);
    inside.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30",
        "3001",
        "30820100",
        "3085ffffffffff",
        "3084ffffffff", // ends too early
        "0201000",
        "02010000",
        "0200",
        "02020001",
        "0202ffff", // numbers
        "0600",
        "060180",
        "0101",
        "010200ff",
        "05010",
        "0500ff", // others
        "3080",
        "30800201",
        "0480",
        "1f8101",
        "300302",
        "3003020500",
        "100100",
        "0301ff"
      })
  void refusesWhatIsMalformed(String hex) {
    String even = hex.length() % 2 == 0 ? hex : hex + "0";
    assertThatThrownBy(() -> der(even)).isInstanceOf(DerException.class);
  }

  @Test
  void refusesEndlessNesting() {
    byte[] definite = new byte[2 * 60];
    for (int i = 0; i < definite.length; i += 2) {
      definite[i] = 0x30;
      definite[i + 1] = (byte) (definite.length - i - 2);
    }
    assertThatCode(() -> Der.checked(Bytes.of(definite))).doesNotThrowAnyException();
    byte[] indefinite = new byte[4000];
    for (int i = 0; i < 1000; i++) {
      indefinite[2 * i] = 0x30;
      indefinite[2 * i + 1] = (byte) 0x80;
    }
    assertThatThrownBy(() -> Der.checked(Bytes.of(indefinite))).isInstanceOf(DerException.class);
  }

  @Test
  void throwsNothingElseOnNoise() {
    var random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(40) + 1];
      random.nextBytes(noise);
      noise[0] = i % 3 == 0 ? 0x30 : noise[0];
      try {
        Der element = Der.checked(Bytes.of(noise));
        assertThat(element.encoded().size()).isEqualTo(noise.length);
      } catch (DerException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }
}
