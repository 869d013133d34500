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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TimestampPoolTest {
  private static final Digest IMPRINT = Digest.sha256(Bytes.utf8("x"));
  private final List<String> asked = new ArrayList<>();
  private final List<String> down = new ArrayList<>(List.of("a"));
  private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");
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
    var members = Stream.of(names).map(n -> new TimestampPool.Member(n, authority(n), 0)).toList();
    return pool(members, false);
  }

  private TimestampPool pool(List<TimestampPool.Member> members, boolean hedge) {
    return new TimestampPool(
        members, new TimestampPool.Rules(Duration.ofSeconds(30), hedge), () -> now);
  }

  private String stamper(TimestampPool pool) {
    return pool.stamp(IMPRINT).authority();
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

  @Test
  void doublesThePauseWithEveryTrialThatFails() {
    var pool = pool("a", "b");
    for (int i = 0; i < 3; i++) {
      stamper(pool);
    }
    for (int minutes : new int[] {1, 2, 4, 8, 16, 16}) {
      asked.clear();
      now = now.plusSeconds(60L * minutes - 1);
      stamper(pool);
      assertThat(asked).as("%s minutes", minutes).containsExactly("b");
      now = now.plusSeconds(1);
      stamper(pool);
      assertThat(asked).as("%s minutes", minutes).containsExactly("b", "a", "b");
    }
  }

  @Test
  void forgetsFailuresAfterASuccess() {
    var pool = pool("a", "b");
    for (int i = 0; i < 2; i++) {
      stamper(pool);
    }
    down.clear();
    stamper(pool);
    down.add("a");
    asked.clear();
    stamper(pool);
    stamper(pool);
    assertThat(asked).containsExactly("a", "b", "a", "b");
  }

  @Test
  void tellsHowEveryAuthorityStands() {
    var pool = pool("a", "b");
    for (int i = 0; i < 3; i++) {
      stamper(pool);
    }
    var open = pool.standings().getFirst();
    assertThat(open.name()).isEqualTo("a");
    assertThat(open.state()).isEqualTo("open");
    assertThat(open.failures()).isEqualTo(3);
    assertThat(open.lastFailure()).contains("a is down");
    assertThat(open.retryAt()).contains(now.plusSeconds(60));
    assertThat(pool.standings().getLast().state()).isEqualTo("closed");
    assertThat(pool.standings().getLast().lastFailure()).isEmpty();
    now = now.plusSeconds(60);
    assertThat(pool.standings().getFirst().state()).isEqualTo("half_open");
    down.clear();
    stamper(pool);
    assertThat(pool.standings().getFirst().state()).isEqualTo("closed");
    assertThat(pool.standings().getFirst().retryAt()).isEmpty();
  }

  @Test
  void passesOverAnAuthorityAtItsLimitUntilAMinuteIsOver() {
    down.clear();
    var limited = new TimestampPool.Member("a", authority("a"), 2);
    var pool = pool(List.of(limited, new TimestampPool.Member("b", authority("b"), 0)), false);
    stamper(pool);
    now = now.plusSeconds(20);
    stamper(pool);
    stamper(pool);
    now = now.plusSeconds(39);
    stamper(pool);
    now = now.plusSeconds(1);
    stamper(pool);
    stamper(pool);
    assertThat(asked).containsExactly("a", "a", "b", "b", "a", "b");
    assertThat(pool.standings().getFirst().failures()).isZero();
  }

  @Test
  void namesTheLimitIfNobodyIsLeft() {
    down.clear();
    var pool = pool(List.of(new TimestampPool.Member("a", authority("a"), 1)), true);
    stamper(pool);
    assertThatThrownBy(() -> stamper(pool))
        .hasMessageContaining("a: its limit of 1 a minute is reached");
  }

  @Test
  void keepsTheTrialOfABrokenAuthorityThatIsAtItsLimit() {
    var limited = new TimestampPool.Member("a", authority("a"), 3);
    var pool = pool(List.of(limited, new TimestampPool.Member("b", authority("b"), 0)), false);
    for (int i = 0; i < 3; i++) {
      stamper(pool);
    }
    now = now.plusSeconds(60);
    stamper(pool); // the trial fails: two minutes more
    now = now.plusSeconds(119);
    down.add("b");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> stamper(pool)).hasMessageContaining("a is down"); // last resort
    }
    down.clear();
    now = now.plusSeconds(1);
    assertThat(stamper(pool)).isEqualTo("b"); // half open, but at its limit
    now = now.plusSeconds(59);
    assertThat(stamper(pool)).isEqualTo("a");
  }

  @Test
  void asksOneAloneUnderTheSameLimits() {
    down.clear();
    var limited = new TimestampPool.Member("a", authority("a"), 1);
    var pool = pool(List.of(limited, new TimestampPool.Member("b", authority("b"), 0)), true);
    assertThat(pool.only("b").orElseThrow().stamp(IMPRINT).authority()).isEqualTo("b");
    assertThat(pool.only("c")).isEmpty();
    var only = pool.only("a").orElseThrow();
    assertThat(only.stamp(IMPRINT).authority()).isEqualTo("a");
    assertThatThrownBy(() -> only.stamp(IMPRINT)).hasMessageContaining("limit of 1");
    assertThat(asked).containsExactly("b", "a");
  }

  @Test
  void overtakesAnAuthorityThatIsSlowerThanUsual() {
    down.clear();
    var hanging = new CountDownLatch(1);
    var slow = new CountDownLatch(1);
    TimestampAuthority first =
        imprint -> {
          if (hanging.getCount() > 0) {
            return authority("a").stamp(imprint);
          }
          await(slow);
          throw new TimestampException("a is late", null);
        };
    var pool =
        pool(
            List.of(
                new TimestampPool.Member("a", first, 0),
                new TimestampPool.Member("b", authority("b"), 0)),
            true);
    for (int i = 0; i < Latencies.ENOUGH; i++) {
      assertThat(stamper(pool)).isEqualTo("a");
    }
    hanging.countDown();

    assertThat(stamper(pool)).isEqualTo("b");

    assertThat(pool.standings().getFirst().failures()).isZero();
    slow.countDown();
  }

  @Test
  void takesTheLateTokenIfTheSecondAuthorityFails() {
    down.clear();
    var slow = new AtomicReference<TimestampPool>();
    TimestampAuthority first =
        imprint -> {
          // Late means: not before the failure of the other is on record.
          while (slow.get() != null && slow.get().standings().getLast().failures() == 0) {
            Thread.onSpinWait();
          }
          return authority("a").stamp(imprint);
        };
    TimestampAuthority second =
        _ -> {
          throw new TimestampException("b is down", null);
        };
    var pool =
        pool(
            List.of(
                new TimestampPool.Member("a", first, 0), new TimestampPool.Member("b", second, 0)),
            true);
    for (int i = 0; i < Latencies.ENOUGH; i++) {
      stamper(pool);
    }
    slow.set(pool);

    assertThat(stamper(pool)).isEqualTo("a");
    assertThat(pool.standings().getLast().failures()).isEqualTo(1);
  }

  @Test
  void showsABugInAnAuthorityToTheCaller() {
    TimestampAuthority broken =
        _ -> {
          throw new IllegalStateException("a bug");
        };
    var pool = pool(List.of(new TimestampPool.Member("a", broken, 0)), true);
    assertThatThrownBy(() -> stamper(pool))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a bug");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
