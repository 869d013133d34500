// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
  private final Latencies latencies = new Latencies();

  private void add(int times, long millis) {
    for (int i = 0; i < times; i++) {
      latencies.add(Duration.ofMillis(millis));
    }
  }

  @Test
  void waitsLongestWhileLittleIsKnown() {
    add(Latencies.ENOUGH - 1, 100);
    assertThat(latencies.patience()).isEqualTo(Latencies.LONGEST);
    add(1, 100);
    assertThat(latencies.patience()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void waitsForNineteenOfTwentyAnswers() {
    add(19, 100);
    add(1, 900);
    assertThat(latencies.patience()).isEqualTo(Duration.ofMillis(100));
    add(1, 800);
    assertThat(latencies.patience()).isEqualTo(Duration.ofMillis(800));
  }

  @Test
  void staysWithinItsBounds() {
    add(64, 1);
    assertThat(latencies.patience()).isEqualTo(Latencies.SHORTEST);
    add(64, 60_000);
    assertThat(latencies.patience()).isEqualTo(Latencies.LONGEST);
  }

  @Test
  void forgetsWhatIsLongAgo() {
    add(64, 2000);
    add(64, 200);
    assertThat(latencies.patience()).isEqualTo(Duration.ofMillis(200));
  }
}
