// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.identity;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.view.ApiKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Spares a busy key two queries a request. Only naming the caller rests on it: whether a key may
 * still sign is judged again in the transaction of every intent. Thread-safe.
 */
final class RecentKeys {
  /** How long a change made by another node may go unnoticed. */
  private static final Duration LIFE = Duration.ofSeconds(1);

  /** Keys; beyond, somebody signs with very many, and none of them is busy. */
  private static final int MAX_KEPT = 1_000;

  private final Function<Bytes, Optional<ApiKey>> keyByMac;
  private final InstantSource clock;
  private final Map<Bytes, Known> known = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  RecentKeys(Function<Bytes, Optional<ApiKey>> keyByMac, InstantSource clock) {
    this.keyByMac = keyByMac;
    this.clock = clock;
  }

  /** A key as it was when there had been so many changes. */
  private record Known(ApiKey key, Instant end, long change) {}

  Optional<ApiKey> find(Bytes mac) {
    Instant now = clock.instant();
    long change = changes.get();
    Known recent = known.get(mac);
    if (recent != null && recent.change() == change && now.isBefore(recent.end())) {
      return Optional.of(recent.key());
    }
    Optional<ApiKey> found = keyByMac.apply(mac);
    if (known.size() >= MAX_KEPT) {
      known.clear();
    }
    found.ifPresentOrElse(
        key -> known.put(mac, new Known(key, now.plus(LIFE), change)), () -> known.remove(mac));
    return found;
  }

  /** Forgets everything: a key was changed. */
  void changed() {
    changes.incrementAndGet();
    known.clear();
  }
}
