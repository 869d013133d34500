// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** When to try again: exponential backoff with full jitter, until a budget is used up. */
public final class Retry {
  /** Milliseconds before the second attempt, at most; doubled each time. */
  private static final long FIRST_MS = 500;

  /** Milliseconds between attempts, at most: a restarted server is found within this time. */
  private static final long LONGEST_MS = 15_000;

  private final Duration budget;
  private final InstantSource clock;
  private final Pause pause;
  private final RandomGenerator random;
  private final Consumer<String> notice;
  private final AtomicBoolean noticed = new AtomicBoolean();

  /**
   * @param budget how long to go on after the first failure
   * @param notice gets one line of text, once, when the first retry is about to be made
   */
  public Retry(
      Duration budget,
      InstantSource clock,
      Pause pause,
      RandomGenerator random,
      Consumer<String> notice) {
    this.budget = budget;
    this.clock = clock;
    this.pause = pause;
    this.random = random;
    this.notice = notice;
  }

  /** For one thing that has to succeed. Not thread-safe. */
  public Patience patience() {
    return new Patience();
  }

  /** Remembers when a series of failures began. */
  public final class Patience {
    private @Nullable Instant firstFailure;
    private int failures;

    private Patience() {}

    /**
     * After a failure: how long to wait before the next attempt; empty: give up.
     *
     * @param retryAfter what the server said
     */
    public Optional<Duration> next(Optional<Duration> retryAfter) {
      Instant now = clock.instant();
      if (firstFailure == null) {
        firstFailure = now;
      }
      Duration left = budget.minus(Duration.between(firstFailure, now));
      if (left.isZero() || left.isNegative()) {
        return Optional.empty();
      }
      long cap = Math.min(LONGEST_MS, FIRST_MS << Math.min(failures, 16));
      failures++;
      Duration jitter = Duration.ofMillis(random.nextLong(cap + 1));
      if (retryAfter.isPresent()) {
        Duration asked = retryAfter.get();
        return asked.compareTo(left) > 0 ? Optional.empty() : Optional.of(asked.plus(jitter));
      }
      return Optional.of(jitter.compareTo(left) > 0 ? left : jitter);
    }

    /** Waits, and says so once a run. */
    public void pause(Duration wait, String why) {
      if (noticed.compareAndSet(false, true)) {
        notice.accept(why + "; trying again for up to " + words(budget));
      }
      pause.pause(wait);
    }

    /** How often it failed so far. */
    public int failures() {
      return failures;
    }
  }

  static String words(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds % 60 == 0 && seconds >= 60 ? seconds / 60 + " min" : seconds + " s";
  }
}
