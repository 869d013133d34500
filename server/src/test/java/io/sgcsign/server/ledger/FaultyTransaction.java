// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Passes everything on, but asks before it commits. */
record FaultyTransaction(StoreTransaction real, FaultyStorage storage) implements StoreTransaction {

  @Override
  public void commit() {
    storage.beforeCommit();
    real.commit();
  }

  @Override
  public void close() {
    real.close();
  }

  @Override
  public Rows.Mutable rows() {
    return real.rows();
  }

  @Override
  public void addEvent(StoredEvent event) {
    real.addEvent(event);
  }

  @Override
  public void putTile(int level, long index, Bytes hashes) {
    real.putTile(level, index, hashes);
  }

  @Override
  public void putFrontier(Bytes frontier) {
    real.putFrontier(frontier);
  }

  @Override
  public void putSecret(StoredSecret secret) {
    real.putSecret(secret);
  }

  @Override
  public void deleteSecret(String name) {
    real.deleteSecret(name);
  }

  @Override
  public void putAnswer(StoredAnswer answer) {
    real.putAnswer(answer);
  }

  @Override
  public void purgeAnswers(String now) {
    real.purgeAnswers(now);
  }

  @Override
  public void clear(String view) {
    real.clear(view);
  }

  @Override
  public Secrets secrets() {
    return real.secrets();
  }

  @Override
  public Bytes frontier() {
    return real.frontier();
  }

  @Override
  public Optional<StoredEvent> event(long seq) {
    return real.event(seq);
  }

  @Override
  public void events(long from, long to, Consumer<StoredEvent> consumer) {
    real.events(from, to, consumer);
  }

  @Override
  public List<Bytes> leafHashes(long from, long to) {
    return real.leafHashes(from, to);
  }

  @Override
  public Optional<Bytes> tile(int level, long index) {
    return real.tile(level, index);
  }

  @Override
  public Optional<StoredAnswer> answer(long intent) {
    return real.answer(intent);
  }

  @Override
  public void audit(AuditReader reader) {
    real.audit(reader);
  }

  @Override
  public void scan(String view, Consumer<Rows.Row> consumer) {
    real.scan(view, consumer);
  }

  @Override
  public void prunePersonal(long seq) {
    real.prunePersonal(seq);
  }

  @Override
  public boolean personalBefore(long seq) {
    return real.personalBefore(seq);
  }
}
