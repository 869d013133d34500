// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import io.sgcsign.pki.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Several authorities in order: the first that gives a good token wins. One that failed several
 * times in a row is asked last for a while. Thread-safe.
 */
public final class TimestampPool implements TimestampAuthority {
  /** Failures in a row after which an authority is asked last. */
  private static final int TRIP = 3;

  /** How long it is asked last; then it gets its place back. */
  private static final Duration REST = Duration.ofMinutes(1);

  private final List<Member> members;
  private final Duration deadline;
  private final InstantSource clock;

  /**
   * A pool.
   *
   * @param deadline after which no further authority is asked
   */
  public TimestampPool(
      List<? extends TimestampAuthority> authorities, Duration deadline, InstantSource clock) {
    this.members = authorities.stream().map(Member::new).toList();
    this.deadline = deadline;
    this.clock = clock;
  }

  private static final class Member {
    private final TimestampAuthority authority;
    private int failures;
    private Instant resting = Instant.MIN;

    Member(TimestampAuthority authority) {
      this.authority = authority;
    }

    synchronized boolean rests(Instant now) {
      return now.isBefore(resting);
    }

    synchronized void succeeded() {
      failures = 0;
      resting = Instant.MIN;
    }

    synchronized void failed(Instant now) {
      if (++failures >= TRIP) {
        resting = now.plus(REST);
      }
    }
  }

  @Override
  public TimeStampToken stamp(Digest imprint) {
    Instant start = clock.instant();
    var reasons = new ArrayList<String>();
    TimestampException last = null;
    for (Member member : order(start)) {
      if (!clock.instant().isBefore(start.plus(deadline))) {
        reasons.add("no time was left for others after " + deadline.toSeconds() + " s");
        break;
      }
      try {
        TimeStampToken token = member.authority.stamp(imprint);
        member.succeeded();
        return token;
      } catch (TimestampException e) {
        member.failed(clock.instant());
        reasons.add(String.valueOf(e.getMessage()));
        last = e;
      }
    }
    String why = reasons.isEmpty() ? "none is configured" : String.join("; ", reasons);
    throw new TimestampException("No time-stamp authority gave a good token: " + why, last);
  }

  private List<Member> order(Instant now) {
    return Stream.concat(
            members.stream().filter(m -> !m.rests(now)), members.stream().filter(m -> m.rests(now)))
        .toList();
  }
}
