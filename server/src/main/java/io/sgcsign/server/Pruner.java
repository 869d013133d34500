// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.ledger.LedgerUnavailableException;
import io.sgcsign.server.ops.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Deletes personal details once a day, when they are older than {@code audit.retention_days}. */
final class Pruner implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofDays(1);

  private final Ledger ledger;
  private final int days;
  private final InstantSource clock;
  private final Log log;
  private final CountDownLatch stop = new CountDownLatch(1);

  private Pruner(Ledger ledger, int days, InstantSource clock, Log log) {
    this.ledger = ledger;
    this.days = days;
    this.clock = clock;
    this.log = log;
  }

  /** Begins; 0 days keep everything. */
  static Pruner start(Ledger ledger, int days, InstantSource clock, Log log) {
    var pruner = new Pruner(ledger, days, clock, log);
    if (days > 0) {
      Thread.ofVirtual().name("pruner").start(pruner::run);
    }
    return pruner;
  }

  private void run() {
    try {
      do {
        prune();
      } while (!stop.await(PAUSE.toSeconds(), TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void prune() {
    try {
      if (ledger.prune(clock.instant().minus(Duration.ofDays(days)), days)) {
        log.info("ledger.pruned", Map.of("days", days));
      }
    } catch (LedgerUnavailableException e) {
      log.warning("ledger.prune_failed", Map.of("detail", String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
