// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One wish for a stamp goes round the seats of a pool. At most two authorities are asked at a time;
 * the one that is overtaken goes on to its own deadline unheard, so that what is known of it stays
 * true.
 */
final class Round {
  private final Function<TimestampAuthority, TimeStampToken> wish;
  private final Instant end;
  private final Duration deadline;
  private final InstantSource clock;
  private final Deque<Seat> turn;
  private final Deque<Seat> lastResort = new ArrayDeque<>();
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private final List<Seat> underWay = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();
  private boolean mayHedge;

  /** What became of a request. */
  private sealed interface Reply {
    Seat seat();

    record Stamped(Seat seat, TimeStampToken token) implements Reply {}

    record Refused(Seat seat, TimestampException why) implements Reply {}

    record Broken(Seat seat, RuntimeException bug) implements Reply {}
  }

  Round(
      Function<TimestampAuthority, TimeStampToken> wish,
      List<Seat> seats,
      TimestampPool.Rules rules,
      InstantSource clock) {
    this.wish = wish;
    this.turn = new ArrayDeque<>(seats);
    this.deadline = rules.deadline();
    this.clock = clock;
    this.end = clock.instant().plus(deadline);
    this.mayHedge = rules.hedge();
  }

  TimeStampToken run() {
    TimestampException last = null;
    while (!underWay.isEmpty() || ask()) {
      Optional<Reply> next = reply();
      if (next.isEmpty()) {
        if (!mayHedge) {
          underWay.forEach(s -> reasons.add(s.name() + ": no answer in time"));
          break;
        }
        mayHedge = false;
        var _ = ask();
        continue;
      }
      underWay.remove(next.get().seat());
      switch (next.get()) {
        case Reply.Stamped(_, TimeStampToken token) -> {
          return token;
        }
        case Reply.Refused(_, TimestampException why) -> {
          reasons.add(String.valueOf(why.getMessage()));
          last = why;
        }
        case Reply.Broken(_, RuntimeException bug) -> throw bug;
      }
    }
    throw failure(last);
  }

  private TimestampException failure(@Nullable TimestampException last) {
    String why = reasons.isEmpty() ? "none is configured" : String.join("; ", reasons);
    return new TimestampException("No time-stamp authority gave a good token: " + why, last);
  }

  /** Asks the next authority that may be asked; false: nobody is left, or no time. */
  private boolean ask() {
    if ((!turn.isEmpty() || !lastResort.isEmpty()) && !clock.instant().isBefore(end)) {
      reasons.add("no time was left for others after " + deadline.toSeconds() + " s");
      turn.clear();
      lastResort.clear();
    }
    for (Seat seat = turn.pollFirst(); seat != null; seat = turn.pollFirst()) {
      if (!seat.admits()) {
        lastResort.addLast(seat);
      } else if (asked(seat)) {
        return true;
      }
    }
    // a signature is worth more than the time it takes to ask a broken authority, but only if
    // nobody is asked already
    while (underWay.isEmpty() && !lastResort.isEmpty()) {
      if (asked(lastResort.removeFirst())) {
        return true;
      }
    }
    return false;
  }

  private boolean asked(Seat seat) {
    Optional<String> refusal = seat.refusal();
    refusal.ifPresent(reasons::add);
    if (refusal.isEmpty()) {
      underWay.add(seat);
      var _ = Thread.ofVirtual().name("timestamp").start(() -> replies.add(answer(seat)));
    }
    return refusal.isEmpty();
  }

  private Reply answer(Seat seat) {
    try {
      return new Reply.Stamped(seat, seat.ask(wish));
    } catch (TimestampException e) {
      return new Reply.Refused(seat, e);
    } catch (RuntimeException e) {
      return new Reply.Broken(seat, e); // thrown again where somebody sees it
    }
  }

  /** The next reply; empty: patience is over, for a second request or for good. */
  private Optional<Reply> reply() {
    if (turn.isEmpty()) {
      mayHedge = false;
    }
    Duration wait = Duration.between(clock.instant(), end);
    if (mayHedge && underWay.getFirst().patience().compareTo(wait) < 0) {
      wait = underWay.getFirst().patience();
    }
    try {
      return Optional.ofNullable(replies.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimestampException("The wait for a time stamp was interrupted", e);
    }
  }
}
