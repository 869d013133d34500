// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.VerifierKey;
import io.sgcsign.server.ledger.event.LogCreated;
import io.sgcsign.server.ledger.event.NodeRecovered;
import io.sgcsign.server.ledger.event.NodeStarted;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What happens once, before a ledger takes appends. */
final class LedgerStart {
  /** Beside the database. */
  static final String KEY_FILE = "log-key.pem";

  /** Entries of one recovery transaction. */
  private static final int RECOVERY_BATCH = 1_000;

  private final LedgerSettings settings;
  private final Storage storage;
  private final ViewSet views;
  private final Recovery recovery;
  private final InstantSource clock;
  private final SecureRandom random;

  LedgerStart(
      LedgerSettings settings,
      Storage storage,
      ViewSet views,
      Recovery recovery,
      InstantSource clock,
      SecureRandom random) {
    this.settings = settings;
    this.storage = storage;
    this.views = views;
    this.recovery = recovery;
    this.clock = clock;
    this.random = random;
  }

  /** The name and keys of a log, and how it begins if it is new. */
  private record Identity(String origin, LogKeys keys, List<Entry> beginning) {}

  Ledger run() {
    // a log that ever signed a checkpoint has a database; an empty one in its place is a loss
    boolean mayBeNew = storage.readFile(Checkpoints.FILE).isEmpty();
    var store = storage.open(mayBeNew);
    try {
      return start(store);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private Ledger start(EventStore store) {
    var head = store.read(Head::load);
    var identity = head.size() == 0 ? create() : reopen(store);
    var last = Checkpoints.last(storage, identity.keys());
    last.ifPresent(checkpoint ->
        store.read(snapshot -> {
          head.require(checkpoint, snapshot);
          return checkpoint;
        }));
    refreshViews(store, head);
    var node = new LogTransaction.Node(settings.node(), views, random);
    var writer = new Writer(store, storage, node, clock, settings.minFreeBytes(), head);
    var checkpoints = new Checkpoints(store, storage, identity.origin(), identity.keys(), clock);
    var ledger =
        new Ledger(settings, store, writer, checkpoints, identity.keys().verifiers(), clock);
    writer.start();
    try {
      begin(ledger, identity.beginning());
      checkpoints.now();
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
    return ledger;
  }

  private Identity create() {
    var file = storage.readFile(KEY_FILE);
    LogKeys keys;
    if (file.isPresent()) { // an earlier first start ended before its first event
      keys = LogKeys.parse(file.get(), random);
    } else {
      var generated = LogKeys.generate(settings.origin(), random);
      storage.writeFile(KEY_FILE, generated.file());
      keys = generated.keys();
    }
    String origin = keys.verifiers().getFirst().name();
    var created = new LogCreated(origin, vkeys(keys));
    return new Identity(origin, keys, List.of(Entry.of(created, settings.node())));
  }

  private Identity reopen(EventStore store) {
    var first = store.read(snapshot -> snapshot.event(0)).map(Recording::read);
    if (first.isEmpty() || !(first.get().event() instanceof LogCreated created)) {
      throw new StoreException("The log does not begin with log.created");
    }
    Bytes file =
        storage
            .readFile(KEY_FILE)
            .orElseThrow(
                () -> new StoreException("The log's key " + KEY_FILE + " is missing: restore it"));
    var keys = LogKeys.parse(file, random);
    if (!vkeys(keys).equals(created.verifierKeys())) {
      throw new StoreException("The keys in " + KEY_FILE + " are not the keys of this log");
    }
    return new Identity(created.origin(), keys, List.of());
  }

  private static List<String> vkeys(LogKeys keys) {
    return keys.verifiers().stream().map(VerifierKey::toString).toList();
  }

  private void refreshViews(EventStore store, Head head) {
    if (!store.read(snapshot -> views.current(snapshot.rows()))) {
      try (var transaction = store.begin()) {
        views.rebuild(transaction, head.size());
        transaction.commit();
      }
    }
  }

  private void begin(Ledger ledger, List<Entry> beginning) {
    var entries = new ArrayList<>(beginning);
    var started = new NodeStarted(settings.boot(), settings.version());
    entries.add(Entry.of(started, settings.node()));
    ledger.append(entries);
    long closed = 0;
    while (true) {
      var open = ledger.read(rows -> recovery.closeOpen(rows, settings.node(), RECOVERY_BATCH));
      if (open.isEmpty()) {
        break;
      }
      ledger.append(open);
      closed += open.size();
    }
    if (closed > 0) {
      var recovered = new NodeRecovered(settings.boot(), closed);
      ledger.append(List.of(Entry.of(recovered, settings.node())));
    }
  }
}
