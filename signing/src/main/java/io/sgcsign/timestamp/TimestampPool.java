// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Several authorities in order: the first that gives a good token wins. One that failed several
 * times in a row is asked only if all others fail; one that is slower than usual is overtaken by
 * the next. Thread-safe.
 */
public final class TimestampPool implements TimestampAuthority {
  private final List<Seat> seats;
  private final Rules rules;
  private final InstantSource clock;

  /**
   * An authority of a pool.
   *
   * @param name what the configuration calls it: its URL
   * @param perMinute requests it gets in any minute; 0: as many as there are
   */
  public record Member(String name, TimestampAuthority authority, int perMinute) {}

  /**
   * How a pool asks.
   *
   * @param deadline after which no further authority is asked, and none is waited for
   * @param hedge whether a second authority is asked while the first is slower than usual
   */
  public record Rules(Duration deadline, boolean hedge) {}

  /**
   * How an authority stands.
   *
   * @param state closed (asked in its turn), open (asked if all others fail) or half_open
   * @param failures in a row
   * @param retryAt when it gets its turn again
   */
  public record Standing(
      String name,
      String state,
      int failures,
      Optional<String> lastFailure,
      Optional<Instant> retryAt) {}

  public TimestampPool(List<Member> members, Rules rules, InstantSource clock) {
    this.seats = members.stream().map(m -> new Seat(m, clock)).toList();
    this.rules = rules;
    this.clock = clock;
  }

  @Override
  public TimeStampToken stamp(Digest imprint) {
    return round(seats, authority -> authority.stamp(imprint));
  }

  @Override
  public TimeStampToken counterSign(Bytes value, boolean allowSha1) {
    return round(seats, authority -> authority.counterSign(value, allowSha1));
  }

  private TimeStampToken round(
      List<Seat> asked, Function<TimestampAuthority, TimeStampToken> wish) {
    return new Round(wish, asked, rules, clock).run();
  }

  /** One seat of the pool. */
  private final class Only implements TimestampAuthority {
    private final List<Seat> seat;

    Only(Seat seat) {
      this.seat = List.of(seat);
    }

    @Override
    public TimeStampToken stamp(Digest imprint) {
      return round(seat, authority -> authority.stamp(imprint));
    }

    @Override
    public TimeStampToken counterSign(Bytes value, boolean allowSha1) {
      return round(seat, authority -> authority.counterSign(value, allowSha1));
    }
  }

  /** One of the authorities alone, under the same limits; empty: it is none of them. */
  public Optional<TimestampAuthority> only(String name) {
    return seats.stream().filter(s -> s.name().equals(name)).findFirst().map(Only::new);
  }

  /** How every authority stands, in order. */
  public List<Standing> standings() {
    return seats.stream().map(Seat::standing).toList();
  }
}
