// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.time.Duration;

/**
 * How a ledger runs.
 *
 * @param node names this server in every event
 * @param boot names this run of it
 * @param version of the software, for {@code node.started}
 * @param origin of a new log, {@code <host>/log/<epoch>}; a log that exists keeps its own
 * @param appendDeadline how long a caller waits before the ledger counts as unavailable
 * @param minFreeBytes free disk space below which nothing is appended: the disk must not be full
 *     between an intent and its end
 */
public record LedgerSettings(
    String node,
    String boot,
    String version,
    String origin,
    Duration appendDeadline,
    long minFreeBytes) {
  /** Long enough for a slow fsync, short enough for a client that waits. */
  public static final Duration DEFAULT_APPEND_DEADLINE = Duration.ofSeconds(10);

  /** 64 MiB: some 30,000 events end well before the disk is full. */
  public static final long DEFAULT_MIN_FREE_BYTES = 64L << 20;
}
