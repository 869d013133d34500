// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.guard;

import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Limits the new connections of a peer in a window of time. Thread-safe. */
final class RateLimiter {
  private final ServerConfig.RateLimit rule;
  private final InstantSource clock;
  private final Map<PeerKey, Window> windows = new RecentPeers<>();

  RateLimiter(ServerConfig.RateLimit rule, InstantSource clock) {
    this.rule = rule;
    this.clock = clock;
  }

  /** A window of time; connections of the window before go on for free. */
  private static final class Window {
    private final Instant end;
    private final Set<String> older;
    private final Set<String> seen = new HashSet<>();
    private int fresh;

    private Window(Instant end, Set<String> older) {
      this.end = end;
      this.older = older;
    }

    private boolean admit(String connection, int limit) {
      if (!seen.contains(connection) && !older.contains(connection)) {
        if (fresh >= limit) {
          return false;
        }
        fresh++;
      }
      seen.add(connection);
      return true;
    }
  }

  synchronized Optional<Problem> refuse(PeerKey peer, String connection) {
    Window window = window(peer);
    if (window.admit(connection, rule.maxConnections())) {
      return Optional.empty();
    }
    int seconds = (int) Math.max(1, Duration.between(clock.instant(), window.end).toSeconds() + 1);
    return Optional.of(
        Problem.of(
                Code.RATE_LIMITED,
                "More than "
                    + rule.maxConnections()
                    + " new connections in "
                    + rule.windowSeconds()
                    + " s from this address",
                "Reuse connections (one sgcsign call signs many files), or raise"
                    + " server.firewall.rate_limit.")
            .retryAfter(seconds));
  }

  private Window window(PeerKey peer) {
    Instant now = clock.instant();
    Window known = windows.get(peer);
    if (known == null || !known.end.isAfter(now)) {
      Set<String> older = known == null ? Set.of() : known.seen;
      known = new Window(now.plusSeconds(rule.windowSeconds()), older);
      windows.put(peer, known);
    }
    return known;
  }
}
