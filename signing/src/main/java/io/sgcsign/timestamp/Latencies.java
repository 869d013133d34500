// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How long an authority took lately, and thus when to ask another one as well. Thread-safe. */
final class Latencies {
  /** Answers remembered: enough that p95 is not the slowest one, few enough to follow a change. */
  private static final int REMEMBERED = 64;

  /** Answers below which a percentile is chance. */
  static final int ENOUGH = 8;

  /** Below this a second request costs more than it can win. */
  static final Duration SHORTEST = Duration.ofMillis(50);

  /** Nobody waits longer for a second request, nor while too few answers are known. */
  static final Duration LONGEST = Duration.ofSeconds(3);

  private final Deque<Duration> recent = new ArrayDeque<>();

  synchronized void add(Duration latency) {
    if (recent.size() == REMEMBERED) {
      recent.removeFirst();
    }
    recent.addLast(latency);
  }

  /** The 95th percentile within bounds. */
  synchronized Duration patience() {
    if (recent.size() < ENOUGH) {
      return LONGEST;
    }
    int rank = (recent.size() * 95 + 99) / 100; // nearest rank, from 1
    Duration p95 = recent.stream().sorted().skip(rank - 1L).findFirst().orElse(LONGEST);
    if (p95.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return p95.compareTo(LONGEST) > 0 ? LONGEST : p95;
  }
}
