// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimestampPoolTest {
  private static final Digest IMPRINT = Digest.sha256(Bytes.utf8("x"));
  private final List<String> asked = new ArrayList<>();
  private final List<String> down = new ArrayList<>(List.of("a"));
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private Duration each = Duration.ZERO;

  private TimestampAuthority authority(String name) {
    return _ -> {
      asked.add(name);
      now = now.plus(each);
      if (down.contains(name)) {
        throw new TimestampException(name + " is down", null);
      }
      return new TimeStampToken(Bytes.EMPTY, now, name);
    };
  }

  private TimestampPool pool(String... names) {
    var members = List.of(names).stream().map(this::authority).toList();
    return new TimestampPool(members, Duration.ofSeconds(30), () -> now);
  }

  @Test
  void asksInOrderUntilOneAnswers() {
    assertThat(pool("a", "b", "c").stamp(IMPRINT).authority()).isEqualTo("b");
    assertThat(asked).containsExactly("a", "b");
  }

  @Test
  void givesEveryReasonWhenNoneAnswers() {
    down.add("b");
    assertThatThrownBy(() -> pool("a", "b").stamp(IMPRINT))
        .isInstanceOf(TimestampException.class)
        .hasMessageContaining("a is down; b is down");
    assertThatThrownBy(() -> pool().stamp(IMPRINT)).hasMessageContaining("none is configured");
  }

  @Test
  void asksOneThatKeepsFailingLastUntilItHasRested() {
    var pool = pool("a", "b");
    for (int i = 0; i < 3; i++) {
      assertThat(pool.stamp(IMPRINT).authority()).isEqualTo("b");
    }
    asked.clear();
    assertThat(pool.stamp(IMPRINT).authority()).isEqualTo("b");
    assertThat(asked).containsExactly("b");
    down.add("b");
    down.remove("a");
    assertThat(pool.stamp(IMPRINT).authority()).isEqualTo("a");
    assertThat(asked).containsExactly("b", "b", "a");
  }

  @Test
  void givesAnAuthorityItsPlaceBackAfterAMinute() {
    var pool = pool("a", "b");
    for (int i = 0; i < 3; i++) {
      assertThat(pool.stamp(IMPRINT).authority()).isEqualTo("b");
    }
    down.remove("a");
    now = now.plusSeconds(59);
    assertThat(pool.stamp(IMPRINT).authority()).isEqualTo("b");
    now = now.plusSeconds(1);
    assertThat(pool.stamp(IMPRINT).authority()).isEqualTo("a");
  }

  @Test
  void asksNobodyAfterTheDeadline() {
    each = Duration.ofSeconds(20);
    down.addAll(List.of("b", "c"));
    assertThatThrownBy(() -> pool("a", "b", "c").stamp(IMPRINT))
        .hasMessageContaining("no time was left for others after 30 s");
    assertThat(asked).containsExactly("a", "b");
  }
}
