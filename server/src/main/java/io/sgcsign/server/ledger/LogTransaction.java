// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Frontier;
import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.log.MerkleTree;
import io.sgcsign.pki.Digest;
import io.sgcsign.server.ledger.event.LogPruned;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One transaction of the log: encodes, chains, stores and folds entries. */
final class LogTransaction implements AutoCloseable {
  /** Bytes of salt: as many as the hash, so that a commitment tells nothing. */
  private static final int SALT_SIZE = 32;

  /** How often expired answers are looked for. */
  private static final ChronoUnit PURGE_EVERY = ChronoUnit.MINUTES;

  private final StoreTransaction store;
  private final Node node;
  private final Instant now;
  private final Instant last;
  private final Frontier frontier;
  private final long before;
  private Bytes previous;

  /** What every transaction of a node has in common. */
  record Node(String name, ViewSet views, SecureRandom random) {}

  /** Begins after {@code head}; an event's time is never before its predecessor's. */
  LogTransaction(StoreTransaction store, Head head, Node node, Instant clock) {
    this.store = store;
    this.node = node;
    this.now = head.time().isAfter(clock) ? head.time() : clock;
    this.last = head.time();
    this.frontier = head.frontier().copy();
    this.before = head.size();
    this.previous = head.previous();
  }

  Rows.Mutable rows() {
    return store.rows();
  }

  Instant now() {
    return now;
  }

  /** How many entries this transaction holds. */
  long added() {
    return frontier.size() - before;
  }

  /** Appends the entries and returns their seqs. */
  List<Long> append(List<Entry> entries) {
    var seqs = new ArrayList<Long>(entries.size());
    entries.forEach(entry -> seqs.add(append(entry)));
    return seqs;
  }

  private long append(Entry entry) {
    long seq = frontier.size();
    var parts = entry.event().parts();
    var state = detail(parts.state());
    var personal = detail(parts.personal());
    var leaf =
        new Leaf(
            seq,
            previous,
            now,
            node.name(),
            entry.event().type(),
            entry.by(),
            entry.request(),
            parts.pub(),
            state.map(LogTransaction::commitment),
            personal.map(LogTransaction::commitment),
            storeSecrets(entry),
            storeAnswers(entry, seq));
    Bytes body = leaf.encode();
    if (body.size() > Leaf.MAX_SIZE) {
      throw new IllegalArgumentException(
          "An event of " + body.size() + " bytes; a leaf has at most " + Leaf.MAX_SIZE);
    }
    previous = MerkleTree.leafHash(body);
    frontier.add(previous);
    store.addEvent(new StoredEvent(seq, previous, body, state, personal));
    if (entry.event() instanceof LogPruned pruned) {
      store.prunePersonal(Math.min(pruned.before(), seq));
    }
    var recorded = new Recorded(seq, now, node.name(), entry.by(), entry.request(), entry.event());
    node.views().fold(recorded, store.rows());
    return seq;
  }

  private Optional<StoredEvent.Detail> detail(Json.Obj content) {
    return content.isEmpty()
        ? Optional.empty()
        : Optional.of(new StoredEvent.Detail(salt(), content.canonical()));
  }

  private static Digest commitment(StoredEvent.Detail detail) {
    return Leaf.commitment(detail.salt(), detail.body());
  }

  private SortedMap<String, Optional<Digest>> storeSecrets(Entry entry) {
    var commitments = new TreeMap<String, Optional<Digest>>();
    for (var change : entry.secrets()) {
      var value = change.value();
      if (value.isPresent()) {
        var secret = new StoredSecret(change.name(), salt(), value.get());
        store.putSecret(secret);
        commitments.put(change.name(), Optional.of(Leaf.commitment(secret.salt(), secret.value())));
      } else {
        store.deleteSecret(change.name());
        commitments.put(change.name(), Optional.empty());
      }
    }
    return commitments;
  }

  private SortedMap<Long, Digest> storeAnswers(Entry entry, long seq) {
    var digests = new TreeMap<Long, Digest>();
    String expires = Leaf.format(now.plus(Answer.KEPT));
    for (var answer : entry.answers()) {
      var stored =
          new StoredAnswer(
              answer.intent(), seq, expires, answer.info().canonical(), answer.block());
      store.putAnswer(stored);
      digests.put(answer.intent(), stored.digest());
    }
    return digests;
  }

  private Bytes salt() {
    byte[] salt = new byte[SALT_SIZE];
    node.random().nextBytes(salt);
    return Bytes.wrap(salt);
  }

  /** Makes what was appended durable and returns the new head. */
  Head commit() {
    Tiles.grow(store, before, frontier.size());
    if (now.truncatedTo(PURGE_EVERY).isAfter(last)) {
      store.purgeAnswers(Leaf.format(now));
    }
    store.putFrontier(frontier.toBytes());
    store.commit();
    return new Head(frontier, previous, now);
  }

  @Override
  public void close() {
    store.close();
  }
}
