// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** An authority's place in a pool: what is known of it. Thread-safe. */
final class Seat {
  private final TimestampPool.Member member;
  private final InstantSource clock;
  private final Breaker breaker = new Breaker();
  private final RateLimit limit;
  private final Latencies latencies = new Latencies();
  private volatile Optional<String> lastFailure = Optional.empty();

  Seat(TimestampPool.Member member, InstantSource clock) {
    this.member = member;
    this.clock = clock;
    this.limit = new RateLimit(member.perMinute());
  }

  String name() {
    return member.name();
  }

  /** Whether it is its turn; open ones are left for the end. */
  boolean admits() {
    return breaker.admits(clock.instant());
  }

  /** Takes a place under the rate limit; why there is none. */
  Optional<String> refusal() {
    if (limit.take(clock.instant())) {
      return Optional.empty();
    }
    breaker.forgone();
    return Optional.of(name() + ": its limit of " + limit.perMinute() + " a minute is reached");
  }

  Duration patience() {
    return latencies.patience();
  }

  /** Asks, and remembers how it went. */
  TimeStampToken ask(Function<TimestampAuthority, TimeStampToken> wish) {
    Instant asked = clock.instant();
    boolean good = false;
    try {
      TimeStampToken token = wish.apply(member.authority());
      latencies.add(Duration.between(asked, clock.instant()));
      good = true;
      return token;
    } catch (TimestampException e) {
      good = e.isBlameless();
      lastFailure = Optional.ofNullable(e.getMessage());
      throw e;
    } finally {
      if (good) {
        breaker.succeeded();
      } else {
        breaker.failed(clock.instant());
      }
    }
  }

  TimestampPool.Standing standing() {
    Breaker.State state = breaker.state(clock.instant());
    return new TimestampPool.Standing(
        name(),
        state.name().toLowerCase(Locale.ROOT),
        breaker.failures(),
        breaker.failures() == 0 ? Optional.empty() : lastFailure,
        state == Breaker.State.CLOSED ? Optional.empty() : Optional.of(breaker.until()));
  }
}
