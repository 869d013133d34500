// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** So many requests in any minute, and no more. Thread-safe; the time comes from the caller. */
final class RateLimit {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final int perMinute;
  private final Deque<Instant> last = new ArrayDeque<>();

  /**
   * A limit.
   *
   * @param perMinute 0: none
   */
  RateLimit(int perMinute) {
    this.perMinute = perMinute;
  }

  /** Takes a place; false: none is left. */
  synchronized boolean take(Instant now) {
    if (perMinute == 0) {
      return true;
    }
    Instant start = now.minus(WINDOW);
    while (!last.isEmpty() && !last.getFirst().isAfter(start)) {
      last.removeFirst();
    }
    if (last.size() >= perMinute) {
      return false;
    }
    last.addLast(now);
    return true;
  }

  int perMinute() {
    return perMinute;
  }
}
