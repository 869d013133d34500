// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.log.Checkpoint;
import io.sgcsign.log.ProofException;
import io.sgcsign.log.VerifierKey;
import io.sgcsign.server.ledger.event.LogCreated;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The auditor's questions, answered from the database alone; works beside a running server. */
public final class LedgerAudit {
  private final Storage storage;
  private final ViewSet views;

  public LedgerAudit(Storage storage, List<View> views) {
    this.storage = storage;
    this.views = new ViewSet(views);
  }

  /**
   * Recomputes everything from the stored bytes: leaves, chain, tree, tiles, commitments, and every
   * view by replaying. Also holds the log against the last checkpoint it signed.
   *
   * @throws StoreException if there is no database to read
   */
  public AuditReport verify() {
    try (var store = storage.openForReading();
        var scratch = storage.openScratch();
        var replayed = scratch.begin()) {
      return store.read(snapshot -> {
        var check = new LogCheck(snapshot, views, replayed);
        try {
          check.run(lastCheckpoint(snapshot));
          return check.report(Optional.empty());
        } catch (LogCheck.FaultException e) {
          return check.report(Optional.of(e.fault()));
        } catch (StoreException e) {
          var fault = new AuditReport.Fault(Optional.empty(), String.valueOf(e.getMessage()));
          return check.report(Optional.of(fault));
        }
      });
    }
  }

  /** The checkpoint beside the database, checked with the keys the log names itself. */
  private Optional<Checkpoint> lastCheckpoint(Snapshot snapshot) {
    var note = storage.readFile(Checkpoints.FILE);
    if (note.isEmpty()) {
      return Optional.empty();
    }
    try {
      var first = snapshot.event(0).map(Recording::read).map(Recorded::event);
      var keys =
          first.isPresent() && first.get() instanceof LogCreated created
              ? created.verifierKeys().stream().map(VerifierKey::parse).toList()
              : List.<VerifierKey>of();
      return Optional.of(Checkpoint.open(note.get().toUtf8(), keys));
    } catch (ProofException e) {
      throw LogCheck.fault(
          Optional.of(0L), "the last checkpoint is not one of this log: " + e.getMessage());
    }
  }

  /**
   * The keys this log names for its checkpoints and receipts (C2SP signed-note vkeys).
   *
   * @throws StoreException if there is no database to read
   */
  public List<String> verifierKeys() {
    try (var store = storage.openForReading()) {
      return store.read(snapshot ->
          snapshot
              .event(0)
              .map(Recording::read)
              .map(first -> first.event() instanceof LogCreated c ? c.verifierKeys() : null)
              .orElse(List.of()));
    }
  }

  /** How a view came out of a rebuild. */
  public record Rebuilt(String view, String before, String after) {
    public boolean identical() {
      return before.equals(after);
    }
  }

  /**
   * Drops every view and folds all events again. Needs the database for itself.
   *
   * @throws StoreException if a server uses it
   */
  public List<Rebuilt> rebuild() {
    try (var store = storage.open(false);
        var transaction = store.begin()) {
      var before = views.hashes(transaction);
      views.rebuild(transaction, Head.load(transaction).size());
      var after = views.hashes(transaction);
      transaction.commit();
      return compare(before, after);
    }
  }

  private static List<Rebuilt> compare(Map<String, String> before, Map<String, String> after) {
    return new TreeMap<>(after)
        .entrySet().stream()
            .map(view ->
                new Rebuilt(view.getKey(), before.getOrDefault(view.getKey(), ""), view.getValue()))
            .toList();
  }
}
