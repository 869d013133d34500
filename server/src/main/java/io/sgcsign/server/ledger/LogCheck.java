// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Checkpoint;
import io.sgcsign.log.Frontier;
import io.sgcsign.log.Leaf;
import io.sgcsign.log.MerkleTree;
import io.sgcsign.log.ProofException;
import io.sgcsign.pki.Digest;
import io.sgcsign.server.ledger.event.LogPruned;
import java.io.Serial;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One pass over a log that stops at the first thing that does not fit. */
final class LogCheck {
  private final Snapshot snapshot;
  private final ViewSet views;
  private final StoreTransaction replayed;
  private final Frontier frontier = Frontier.empty();
  private final TileCheck tiles;
  private final Map<String, Digest> secrets = new HashMap<>();
  private final Map<Long, ExpectedAnswer> answers = new HashMap<>();
  private Bytes previous = Leaf.NO_PREVIOUS;
  private Instant time = Instant.EPOCH;
  private long details;
  private long lastPruned = -1;
  private long prunedBefore;

  LogCheck(Snapshot snapshot, ViewSet views, StoreTransaction replayed) {
    this.snapshot = snapshot;
    this.views = views;
    this.replayed = replayed;
    this.tiles = new TileCheck(snapshot);
  }

  /** Kept until the first event at or after its expiry. */
  private record ExpectedAnswer(Digest digest, Instant expires) {}

  /** The first fault. */
  static final class FaultException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;
    private final transient AuditReport.Fault fault;

    FaultException(AuditReport.Fault fault) {
      super(fault.what());
      this.fault = fault;
    }

    AuditReport.Fault fault() {
      return fault;
    }
  }

  static FaultException fault(Optional<Long> seq, String what) {
    return new FaultException(new AuditReport.Fault(seq, what));
  }

  AuditReport report(Optional<AuditReport.Fault> fault) {
    return new AuditReport(frontier.size(), details, fault);
  }

  void run(Optional<Checkpoint> last) {
    views.markCurrent(replayed.rows());
    snapshot.events(0, Long.MAX_VALUE, event -> take(event, last));
    require(
        snapshot.frontier().equals(frontier.toBytes()),
        "the head of the log is another one than that of its events");
    last.ifPresent(checkpoint ->
        require(
            checkpoint.size() <= frontier.size(),
            "a checkpoint over " + checkpoint.size() + " events was signed, later ones lack"));
    require(
        lastPruned < prunedBefore,
        "the personal detail of event " + lastPruned + " is missing, and no pruning covers it");
    tiles.finish(this::require);
    besideTheLog();
    views();
  }

  private void take(StoredEvent event, Optional<Checkpoint> last) {
    long seq = frontier.size();
    require(event.seq() == seq, "the event is missing, the next is " + event.seq());
    require(MerkleTree.leafHash(event.body()).equals(event.leafHash()), "the leaf hash is wrong");
    try {
      var leaf = Leaf.parse(event.body());
      chain(leaf);
      detail("state", leaf.state(), event.state());
      detail("personal", leaf.personal(), event.personal());
      leaf.secrets()
          .forEach((name, digest) ->
              digest.ifPresentOrElse(d -> secrets.put(name, d), () -> secrets.remove(name)));
      var expires = leaf.time().plus(Answer.KEPT);
      leaf.answers().forEach((i, digest) -> answers.put(i, new ExpectedAnswer(digest, expires)));
      var recorded = Recording.read(event);
      if (recorded.event() instanceof LogPruned pruned) {
        require(pruned.before() <= seq, "it prunes what is not there yet");
        prunedBefore = Math.max(prunedBefore, pruned.before());
      }
      views.fold(recorded, replayed.rows());
    } catch (ProofException e) {
      throw fault(Optional.of(seq), "the event cannot be read: " + e.getMessage());
    }
    previous = event.leafHash();
    frontier.add(event.leafHash());
    tiles.add(event.leafHash(), this::require);
    if (last.isPresent() && last.get().size() == frontier.size()) {
      require(
          last.get().root().equals(frontier.root()),
          "the tree up to here is not the one whose checkpoint was signed");
    }
  }

  private void chain(Leaf leaf) {
    require(leaf.seq() == frontier.size(), "the event calls itself " + leaf.seq());
    require(leaf.previous().equals(previous), "it does not follow the event before");
    require(!leaf.time().isBefore(time), "it is older than the event before");
    time = leaf.time();
  }

  private void detail(
      String kind, Optional<Digest> commitment, Optional<StoredEvent.Detail> stored) {
    require(
        commitment.isPresent() || stored.isEmpty(), "a " + kind + " detail was added to the event");
    if (commitment.isPresent() && stored.isEmpty() && kind.equals("personal")) {
      lastPruned = frontier.size(); // lawful if a later log.pruned says so
      return;
    }
    require(commitment.isEmpty() || stored.isPresent(), "the " + kind + " detail is missing");
    if (commitment.isPresent() && stored.isPresent()) {
      require(
          Leaf.commitment(stored.get().salt(), stored.get().body()).equals(commitment.get()),
          "the " + kind + " detail is not the one committed to");
      details++;
    }
  }

  private void besideTheLog() {
    snapshot.audit(
        new Snapshot.AuditReader() {
          @Override
          public void tile(int level, long index, Bytes hashes) {
            require(tiles.expects(level, index), "the tile " + level + "/" + index + " is extra");
          }

          @Override
          public void secret(StoredSecret secret) {
            var expected = Optional.ofNullable(secrets.remove(secret.name()));
            require(
                expected.equals(Optional.of(Leaf.commitment(secret.salt(), secret.value()))),
                "the secret " + secret.name() + " is not the one committed to");
          }

          @Override
          public void answer(StoredAnswer answer) {
            var expected = Optional.ofNullable(answers.remove(answer.intent()));
            require(
                expected.map(ExpectedAnswer::digest).equals(Optional.of(answer.digest())),
                "the answer to intent " + answer.intent() + " is not the one committed to");
          }

          @Override
          public void detailCount(long count) {
            require(count == details, (count - details) + " details belong to no event");
          }

          @Override
          public void view(String name) {
            require(views.knows(name), "there are rows of an unknown view " + name);
          }
        });
    require(secrets.isEmpty(), "secrets are missing: " + secrets.keySet());
    answers.forEach((intent, answer) ->
        require(!answer.expires().isAfter(time), "the answer to intent " + intent + " is missing"));
  }

  private void views() {
    var live = views.hashes(snapshot);
    views
        .hashes(replayed)
        .forEach((view, hash) ->
            require(
                hash.equals(live.get(view)),
                "the view " + view + " is not what its events make: rebuild it"));
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      var seq = tiles.sealed() ? Optional.<Long>empty() : Optional.of(frontier.size());
      throw fault(seq, otherwise);
    }
  }
}
