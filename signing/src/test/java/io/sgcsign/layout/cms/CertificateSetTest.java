// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CertificateSetTest {
  private static Bytes name(int number) {
    return DerWriter.sequence(DerWriter.integer(number));
  }

  /** As much of a certificate as is read: it is issued by the one with the next number. */
  private static Bytes certificate(int number) {
    return DerWriter.sequence(
        DerWriter.sequence(
            DerWriter.integer(number),
            DerWriter.sequence(),
            name(number + 1),
            DerWriter.sequence(),
            name(number)));
  }

  private static List<Bytes> chain(int count) {
    List<Bytes> all = IntStream.range(0, count).mapToObj(CertificateSetTest::certificate).toList();
    return CertificateSet.of(all).chain(name(1), BigInteger.ZERO);
  }

  @Test
  void findsTheCertificatesAboveASigners() {
    assertThat(chain(4))
        .containsExactly(certificate(0), certificate(1), certificate(2), certificate(3));
  }

  @Test
  void looksNoFurtherThanAnyPathGoes() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> assertThat(chain(20_000)).hasSize(10).contains(certificate(9)));
  }
}
