// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes. What queued up while the last transaction was being made durable goes
 * into the next. A lone caller is never delayed; where several take turns, their next appends are
 * awaited for a moment, so that they share a transaction: its fixed cost is that of ten entries.
 */
final class Writer implements AutoCloseable {
  /** Entries in one transaction: beyond, the cost of the fsync no longer matters. */
  static final int MAX_BATCH = 1_024;

  /** Callers that may wait; beyond, waiting would outlast every deadline. */
  private static final int MAX_QUEUE = 8_192;

  /** Entries kept for later while the ledger is unavailable; recovery closes what is beyond. */
  private static final int MAX_LATER = 10_000;

  /** Between two attempts to write again; also how soon the thread notices that it must end. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** Callers in the last transaction from which on their next appends are awaited. */
  private static final int CROWD = 4;

  /** How long: about what a signature takes, and less than an fsync of most disks. */
  private static final Duration GATHERING = Duration.ofMillis(1);

  private final EventStore store;
  private final Storage storage;
  private final LogTransaction.Node node;
  private final InstantSource clock;
  private final long minFreeBytes;
  private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(MAX_QUEUE);
  private final BlockingQueue<Entry> later = new ArrayBlockingQueue<>(MAX_LATER);
  private final AtomicReference<Readiness> readiness = new AtomicReference<>(Readiness.READY);
  private final Thread thread;
  private int crowd;
  private volatile Head head;
  private volatile boolean open = true;

  Writer(
      EventStore store,
      Storage storage,
      LogTransaction.Node node,
      InstantSource clock,
      long minFreeBytes,
      Head head) {
    this.store = store;
    this.storage = storage;
    this.node = node;
    this.clock = clock;
    this.minFreeBytes = minFreeBytes;
    this.head = head;
    this.thread = Thread.ofPlatform().name("ledger-writer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  Readiness readiness() {
    return readiness.get();
  }

  Head head() {
    return head;
  }

  /**
   * Queues a decision.
   *
   * @throws LedgerUnavailableException if the ledger is not ready or too many wait
   */
  void submit(Pending<?> pending, Duration patience) {
    requireReady();
    try {
      if (!queue.offer(pending, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new LedgerUnavailableException("Too many callers wait for the ledger");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("Interrupted while waiting for the ledger", e);
    }
    if (!open && queue.remove(pending)) {
      throw new LedgerUnavailableException("The ledger is closed");
    }
  }

  private void requireReady() {
    var trouble = readiness.get().trouble();
    if (trouble.isPresent()) {
      throw new LedgerUnavailableException(trouble.get());
    }
    if (!open) {
      throw new LedgerUnavailableException("The ledger is closed");
    }
  }

  /** Appends entries as soon as the ledger can be written; forgets them if the process ends. */
  boolean appendLater(List<Entry> entries) {
    return entries.stream().map(later::offer).reduce(true, Boolean::logicalAnd);
  }

  private void run() {
    var batch = new ArrayList<Pending<?>>();
    try {
      while (open || !queue.isEmpty() || (readiness.get().ready() && !later.isEmpty())) {
        turn(batch);
      }
    } finally {
      // also if an error ended the thread: nobody may wait for it in vain
      open = false;
      readiness.set(Readiness.notReady("The ledger is closed"));
      fail(batch);
      failQueue();
    }
  }

  private void turn(List<Pending<?>> batch) {
    takeLater(batch);
    take(batch);
    if (!readiness.get().ready() && batch.isEmpty()) {
      var bug = guard(batch, () -> commit(batch));
      if (bug != null) {
        throw bug;
      }
    } else {
      write(batch);
    }
  }

  private void failQueue() {
    var late = new ArrayList<Pending<?>>();
    queue.drainTo(late);
    fail(late);
  }

  private static void fail(List<Pending<?>> late) {
    late.forEach(p -> p.fail(new LedgerUnavailableException("The ledger is closed")));
  }

  private void takeLater(List<Pending<?>> batch) {
    var entries = new ArrayList<Entry>();
    if (readiness.get().ready() && later.drainTo(entries, MAX_BATCH) > 0) {
      batch.add(new Pending<>((_, _) -> new Decision.Append<>(entries)));
    }
  }

  private void take(List<Pending<?>> batch) {
    try {
      var first = batch.isEmpty() ? queue.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS) : null;
      if (first != null) {
        batch.add(first);
        if (crowd >= CROWD && queue.size() + 1 < crowd) {
          LockSupport.parkNanos(GATHERING.toNanos());
        }
      }
      queue.drainTo(batch, MAX_BATCH - batch.size());
      crowd = batch.size();
    } catch (InterruptedException e) {
      open = false;
    }
  }

  /** Writes the batch; a caller whose decision throws is left out and told so. */
  private void write(List<Pending<?>> batch) {
    while (!batch.isEmpty()) {
      batch.removeIf(Pending::given);
      var poison = guard(batch, () -> commit(batch));
      if (poison != null) {
        isolate(batch, poison);
      }
    }
  }

  private void isolate(List<Pending<?>> batch, RuntimeException poison) {
    if (batch.size() == 1) {
      batch.removeFirst().fail(poison);
      return;
    }
    for (var pending : List.copyOf(batch)) {
      var alone = new ArrayList<Pending<?>>(List.of(pending));
      var own = guard(alone, () -> commit(alone));
      if (own != null) {
        pending.fail(own);
      }
    }
    batch.clear();
  }

  /** Runs a transaction; a failure of the store makes the ledger unavailable. */
  private @Nullable RuntimeException guard(List<Pending<?>> batch, Runnable transaction) {
    try {
      requireSpace();
      transaction.run();
      readiness.set(Readiness.READY);
      return null;
    } catch (StoreException e) {
      readiness.set(Readiness.notReady(String.valueOf(e.getMessage())));
      var reason = new LedgerUnavailableException(String.valueOf(e.getMessage()), e);
      batch.forEach(pending -> pending.fail(reason));
      batch.clear();
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  private void requireSpace() {
    long free = storage.usableSpace();
    if (free < minFreeBytes) {
      throw new StoreException(
          "Only %d MiB of disk space are left, %d MiB are kept free for the ledger"
              .formatted(free >> 20, minFreeBytes >> 20));
    }
  }

  /** One transaction for as many of the batch as fit; these leave it. */
  private void commit(List<Pending<?>> batch) {
    var decided = new ArrayList<Pending<?>>();
    try (var transaction = begin()) {
      for (var pending : batch) {
        if (transaction.added() >= MAX_BATCH) {
          break;
        }
        pending.decide(transaction);
        decided.add(pending);
      }
      if (transaction.added() > 0 || !readiness.get().ready()) {
        head = transaction.commit();
      }
    }
    batch.subList(0, decided.size()).clear();
    decided.forEach(pending -> appendLater(pending.deliver()));
  }

  private LogTransaction begin() {
    var transaction = store.begin();
    try {
      var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
      return new LogTransaction(transaction, head.follow(transaction), node, now);
    } catch (RuntimeException e) {
      transaction.close();
      throw e;
    }
  }

  /** Writes what waits, then ends. */
  @Override
  public void close() {
    open = false;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    failQueue();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
