// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Checkpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Signs checkpoints when someone asks, at most one an interval: a dual signature costs as much CPU
 * as an RSA-3072 one. Each is kept beside the database before it is handed out, and the next must
 * grow out of it.
 */
final class Checkpoints {
  /** Beside the database; a head that does not grow out of it was rolled back. */
  static final String FILE = "last-checkpoint";

  /** Between two signatures. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private final EventStore store;
  private final Storage storage;
  private final String origin;
  private final LogKeys keys;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition waiting = lock.newCondition();
  private @Nullable Signed latest;

  /** A checkpoint, its note, and the reading of the process's own clock when it was made. */
  record Signed(Checkpoint checkpoint, String note, long nanos) {}

  Checkpoints(EventStore store, Storage storage, String origin, LogKeys keys, InstantSource clock) {
    this.store = store;
    this.storage = storage;
    this.origin = origin;
    this.keys = keys;
    this.clock = clock;
  }

  /** The last checkpoint this log is known to have signed. */
  static Optional<Checkpoint> last(Storage storage, LogKeys keys) {
    return storage.readFile(FILE).map(note -> Checkpoint.open(note.toUtf8(), keys.verifiers()));
  }

  /** A note of at most {@link #INTERVAL} age. */
  String current() {
    lock.lock();
    try {
      var known = latest;
      return known != null && rest(known) > 0 ? known.note() : sign().note();
    } finally {
      lock.unlock();
    }
  }

  /** A checkpoint of any age over at least {@code size} events, which are committed. */
  Signed covering(long size) {
    lock.lock();
    try {
      var known = latest;
      while (known != null && known.checkpoint().size() < size && rest(known) > 0) {
        // all that wait are served by the one signature that comes next
        long left = waiting.awaitNanos(rest(known));
        known = left > 0 ? known : latest;
      }
      return known != null && known.checkpoint().size() >= size ? known : sign();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("Interrupted while waiting for a checkpoint", e);
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds until the next signature may be made. */
  private static long rest(Signed known) {
    return INTERVAL.toNanos() - (System.nanoTime() - known.nanos());
  }

  /** Signs the committed head, whatever the time. */
  String now() {
    lock.lock();
    try {
      return sign().note();
    } finally {
      lock.unlock();
    }
  }

  private Signed sign() {
    var known = latest;
    var checkpoint = store.read(this::head);
    if (known != null && known.checkpoint().equals(checkpoint)) {
      var again = new Signed(checkpoint, known.note(), System.nanoTime());
      latest = again;
      return again;
    }
    var note = checkpoint.sign(keys.signers(), clock.instant());
    storage.writeFile(FILE, Bytes.utf8(note));
    var signed = new Signed(checkpoint, note, System.nanoTime());
    latest = signed;
    return signed;
  }

  private Checkpoint head(Snapshot snapshot) {
    var head = Head.load(snapshot);
    if (latest != null) {
      head.require(latest.checkpoint(), snapshot);
    }
    return new Checkpoint(origin, head.size(), head.frontier().root());
  }
}
