// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.guard;

import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Bans a peer after too many wrong credentials. Thread-safe. */
final class BruteForceLock {
  private final ServerConfig.BruteForce rule;
  private final InstantSource clock;
  private final Map<PeerKey, Failures> failures = new RecentPeers<>();

  BruteForceLock(ServerConfig.BruteForce rule, InstantSource clock) {
    this.rule = rule;
    this.clock = clock;
  }

  private record Failures(int count, Instant last) {}

  synchronized Optional<Problem> refuse(PeerKey peer) {
    Failures known = current(peer);
    if (known.count() < rule.maxAttempts()) {
      return Optional.empty();
    }
    Instant end = known.last().plusSeconds(rule.banSeconds());
    int seconds = (int) Math.max(1, Duration.between(clock.instant(), end).toSeconds());
    return Optional.of(
        Problem.of(Code.BANNED, "Too many wrong credentials from this address")
            .retryAfter(seconds));
  }

  synchronized boolean failed(PeerKey peer) {
    int count = current(peer).count() + 1;
    failures.put(peer, new Failures(count, clock.instant()));
    return count == rule.maxAttempts();
  }

  synchronized void succeeded(PeerKey peer) {
    failures.remove(peer);
  }

  private Failures current(PeerKey peer) {
    Instant now = clock.instant();
    Failures known = failures.getOrDefault(peer, new Failures(0, now));
    return known.last().plusSeconds(rule.banSeconds()).isAfter(now) ? known : new Failures(0, now);
  }
}
