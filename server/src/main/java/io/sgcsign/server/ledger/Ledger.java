// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.log.MerkleTree;
import io.sgcsign.log.Receipt;
import io.sgcsign.log.VerifierKey;
import io.sgcsign.server.ledger.event.LogPruned;
import io.sgcsign.server.ledger.event.NodeStopped;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The log of everything that happens, and the only authority. Appending returns when the events are
 * on disk; every event is chained to the one before, sealed in a Merkle tree and provable offline.
 * Thread-safe.
 */
public final class Ledger implements AutoCloseable {
  private final LedgerSettings settings;
  private final EventStore store;
  private final Writer writer;
  private final Checkpoints checkpoints;
  private final List<VerifierKey> verifierKeys;
  private final InstantSource clock;

  Ledger(
      LedgerSettings settings,
      EventStore store,
      Writer writer,
      Checkpoints checkpoints,
      List<VerifierKey> verifierKeys,
      InstantSource clock) {
    this.settings = settings;
    this.store = store;
    this.writer = writer;
    this.checkpoints = checkpoints;
    this.verifierKeys = List.copyOf(verifierKeys);
    this.clock = clock;
  }

  /**
   * Opens the log or begins a new one, closes what an earlier run left open, and takes appends.
   *
   * @throws StoreException if the database cannot be used or is not the log it was
   * @throws io.sgcsign.log.ProofException if the log's keys or its last checkpoint are damaged
   */
  public static Ledger start(
      LedgerSettings settings,
      Storage storage,
      List<View> views,
      Recovery recovery,
      InstantSource clock,
      SecureRandom random) {
    return new LedgerStart(settings, storage, new ViewSet(views), recovery, clock, random).run();
  }

  /**
   * Appends all entries in one transaction if the condition holds inside it.
   *
   * @throws LedgerUnavailableException if they are not durably on disk; nothing may follow from
   *     them
   */
  public <R> Appended<R> append(List<Entry> entries, Condition<R> condition) {
    return append(condition.then(entries));
  }

  /** Appends what is decided inside the transaction. */
  public <R> Appended<R> append(Decision<R> decision) {
    return appendAll(List.of(decision)).getFirst();
  }

  /** Appends all entries in one transaction, whatever happens. */
  public Appended.Committed<Void> append(List<Entry> entries) {
    Decision<Void> decision = (_, _) -> new Decision.Append<>(entries);
    if (append(decision) instanceof Appended.Committed<Void> committed) {
      return committed;
    }
    throw new IllegalStateException("An append without a condition was refused");
  }

  /**
   * Appends many independent decisions; each is a transaction of its own that shares its fsync with
   * the others. If one is unavailable the call is, though others may be on disk.
   */
  public <R> List<Appended<R>> appendAll(List<? extends Decision<R>> decisions) {
    var waiting = new ArrayList<Pending<R>>();
    for (var decision : decisions) {
      var pending = new Pending<R>(decision);
      writer.submit(pending, settings.appendDeadline());
      waiting.add(pending);
    }
    return waiting.stream().map(p -> p.await(settings.appendDeadline())).toList();
  }

  /**
   * Appends entries as soon as the ledger can be written again: the end of an intent that could not
   * be recorded. Returns false if too many wait; then the next start records the intent as
   * indeterminate.
   */
  public boolean appendLater(List<Entry> entries) {
    return writer.appendLater(entries);
  }

  /**
   * Deletes the personal details of all events older than {@code limit}. The deletion is an event;
   * proofs are not touched.
   *
   * @param days the retention that asks for it
   * @return whether there was anything to delete
   * @throws LedgerUnavailableException if it is not on disk
   */
  public boolean prune(Instant limit, int days) {
    long before = snapshot(snapshot -> firstSince(snapshot, limit));
    if (before == 0 || !snapshot(snapshot -> snapshot.personalBefore(before))) {
      return false;
    }
    var _ = append(List.of(Entry.of(new LogPruned(before, days), settings.node())));
    return true;
  }

  /** The seq of the first event at or after {@code limit}: times never go back. */
  private long firstSince(Snapshot snapshot, Instant limit) {
    long low = 0;
    long high = size();
    while (low < high) {
      long middle = (low + high) >>> 1;
      var event = snapshot.event(middle).map(Recording::read);
      if (event.isPresent() && event.get().time().isBefore(limit)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Queries the views as they are committed. */
  public <T> T read(Function<Rows, T> query) {
    return snapshot(snapshot -> query.apply(snapshot.rows()));
  }

  /** The stored secrets as they are committed. */
  public Secrets secrets() {
    return new Secrets() {
      @Override
      public Optional<Bytes> get(String name) {
        return snapshot(snapshot -> snapshot.secrets().get(name));
      }

      @Override
      public Optional<String> nameOf(Bytes value) {
        return snapshot(snapshot -> snapshot.secrets().nameOf(value));
      }
    };
  }

  /**
   * What was answered to this intent, while it is kept.
   *
   * @throws LedgerUnavailableException if it is not what the log committed to
   */
  public Optional<Answer> answer(long intent) {
    String now = Leaf.format(clock.instant());
    return snapshot(snapshot ->
        snapshot
            .answer(intent)
            .filter(answer -> answer.expires().compareTo(now) > 0)
            .map(answer -> proven(answer, snapshot)));
  }

  private static Answer proven(StoredAnswer stored, Snapshot snapshot) {
    var committed =
        snapshot
            .event(stored.seq())
            .map(event -> Leaf.parse(event.body()).answers().get(stored.intent()));
    if (!committed.equals(Optional.of(stored.digest()))) {
      throw new LedgerUnavailableException(
          "The answer to intent " + stored.intent() + " was altered: verify the ledger");
    }
    return new Answer(stored.intent(), Json.readObject(stored.info()), stored.block());
  }

  public Optional<Recorded> event(long seq) {
    return snapshot(snapshot -> snapshot.event(seq)).map(Recording::read);
  }

  /** How many events are on disk. */
  public long size() {
    return writer.head().size();
  }

  /** The proof of an event, checkable offline for ever. */
  public Optional<Receipt> receipt(long seq) {
    if (seq < 0 || seq >= size()) {
      return Optional.empty();
    }
    var signed = checkpoints.covering(seq + 1);
    long size = signed.checkpoint().size();
    return snapshot(snapshot -> {
      var path = MerkleTree.inclusionProof(seq, size, new Tiles(snapshot, size));
      return snapshot.event(seq).map(event -> new Receipt(event.body(), seq, path, signed.note()));
    });
  }

  /** The signed head of the log, at most a second old (C2SP tlog-checkpoint). */
  public String checkpoint() {
    return checkpoints.current();
  }

  /** The hashes of a tile as far as the log fills it (C2SP tlog-tiles); empty: none. */
  public Optional<Bytes> tile(int level, long index) {
    return bounded(level, index, (snapshot, tiles) -> Tiles.join(tiles.tile(level, index)));
  }

  /** The events of a level-0 tile, each with its length before it (C2SP tlog-tiles). */
  public Optional<Bytes> entries(long index) {
    return bounded(0, index, (snapshot, tiles) -> EntryBundle.of(snapshot, tiles, index));
  }

  private interface TileQuery {
    Bytes run(Snapshot snapshot, Tiles tiles);
  }

  private Optional<Bytes> bounded(int level, long index, TileQuery query) {
    return snapshot(snapshot -> {
      var tiles = new Tiles(snapshot, size());
      boolean there = level >= 0 && index >= 0 && tiles.width(level, index) > 0;
      return there ? Optional.of(query.run(snapshot, tiles)) : Optional.empty();
    });
  }

  /** What checkpoints and receipts of this log are verified with; all must have signed. */
  public List<VerifierKey> verifierKeys() {
    return verifierKeys;
  }

  public Readiness readiness() {
    return writer.readiness();
  }

  private <T> T snapshot(Function<Snapshot, T> query) {
    try {
      return store.read(query);
    } catch (StoreException e) {
      throw new LedgerUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Records the end of this run, signs the last checkpoint, and lets the database go. */
  @Override
  public void close() {
    try {
      if (readiness().ready()) {
        append(List.of(Entry.of(new NodeStopped(settings.boot()), settings.node())));
        checkpoints.now();
      }
    } finally {
      writer.close();
      store.close();
    }
  }
}
