// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.guard;

import io.sgcsign.server.config.Cidr;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Admits a peer before its credential is looked at. Thread-safe. */
public final class Firewall {
  private final ServerConfig.Firewall rules;
  private final Optional<BruteForceLock> lock;
  private final Optional<RateLimiter> limiter;

  public Firewall(ServerConfig.Firewall rules, InstantSource clock) {
    this.rules = rules;
    this.lock = rules.bruteForce().map(b -> new BruteForceLock(b, clock));
    this.limiter = rules.rateLimit().map(r -> new RateLimiter(r, clock));
  }

  /** Empty if the peer may go on. {@code connection} names its connection. */
  public Optional<Problem> refuse(InetAddress peer, String connection) {
    if (listed(rules.blacklist(), peer)
        || (!rules.whitelist().isEmpty() && !listed(rules.whitelist(), peer))) {
      return Optional.of(
          Problem.of(
              Code.FORBIDDEN,
              "This server takes no connections from " + peer.getHostAddress(),
              "Ask an administrator to add the address to server.firewall.whitelist."));
    }
    PeerKey key = PeerKey.of(peer);
    return lock.flatMap(l -> l.refuse(key))
        .or(() -> limiter.flatMap(l -> l.refuse(key, connection)));
  }

  /** Counts a credential that was wrong. Returns whether this one brought the ban. */
  public boolean failed(InetAddress peer) {
    return lock.map(l -> l.failed(PeerKey.of(peer))).orElse(false);
  }

  /** Forgets the failures of a peer that showed a right credential. */
  public void succeeded(InetAddress peer) {
    lock.ifPresent(l -> l.succeeded(PeerKey.of(peer)));
  }

  private static boolean listed(List<Cidr> ranges, InetAddress peer) {
    return ranges.stream().anyMatch(r -> r.contains(peer));
  }
}
