// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.ledger.Rows;
import io.sgcsign.server.ledger.StoreTransaction;
import io.sgcsign.server.ledger.StoredAnswer;
import io.sgcsign.server.ledger.StoredEvent;
import io.sgcsign.server.ledger.StoredSecret;
import java.util.function.Consumer;

/** The writer's transaction on its own connection. */
final class SqliteTransaction extends SqliteSnapshot implements StoreTransaction {
  private final CachedRows rows;
  private final Runnable afterCommit;
  private final Consumer<SqliteTransaction> end;
  private boolean committed;

  /**
   * {@code rows} outlive the transaction; {@code afterCommit} has the last word on whether the
   * commit counts; {@code end} is told when the transaction is over, committed or not.
   */
  SqliteTransaction(
      Sql sql, CachedRows rows, Runnable afterCommit, Consumer<SqliteTransaction> end) {
    super(sql);
    this.rows = rows;
    this.afterCommit = afterCommit;
    this.end = end;
  }

  @Override
  public Rows.Mutable rows() {
    return rows;
  }

  @Override
  public void scan(String view, Consumer<Rows.Row> consumer) {
    rows.flush(view);
    super.scan(view, consumer);
  }

  @Override
  public void audit(AuditReader reader) {
    rows.flush();
    super.audit(reader);
  }

  @Override
  public void addEvent(StoredEvent event) {
    sql.update("insert into event values (?, ?, ?)", event.seq(), event.leafHash(), event.body());
    event.state().ifPresent(detail -> addDetail(event.seq(), "state", detail));
    event.personal().ifPresent(detail -> addDetail(event.seq(), "personal", detail));
  }

  private void addDetail(long seq, String kind, StoredEvent.Detail detail) {
    sql.update("insert into detail values (?, ?, ?, ?)", seq, kind, detail.salt(), detail.body());
  }

  @Override
  public void putTile(int level, long index, Bytes hashes) {
    sql.update("insert or replace into tile values (?, ?, ?)", level, index, hashes);
  }

  @Override
  public void putFrontier(Bytes frontier) {
    sql.update("update head set frontier=? where id=1", frontier);
  }

  @Override
  public void putSecret(StoredSecret secret) {
    sql.update(
        "insert or replace into secret values (?, ?, ?)",
        secret.name(),
        secret.salt(),
        secret.value());
  }

  @Override
  public void deleteSecret(String name) {
    sql.update("delete from secret where name=?", name);
  }

  @Override
  public void putAnswer(StoredAnswer answer) {
    sql.update(
        "insert or replace into answer values (?, ?, ?, ?, ?)",
        answer.intent(),
        answer.seq(),
        answer.expires(),
        answer.info(),
        answer.block());
  }

  @Override
  public void purgeAnswers(String now) {
    // without an index on the time: answers expire about in the order of their intents, so the
    // first that is alive ends the search
    sql.update(
        "delete from answer where intent<ifnull("
            + "(select intent from answer where expires>? order by intent limit 1), ?)",
        now,
        Long.MAX_VALUE);
  }

  @Override
  public void prunePersonal(long seq) {
    sql.update("delete from detail where kind='personal' and seq<?", seq);
  }

  @Override
  public void clear(String view) {
    rows.forget(view);
    sql.update("delete from view_row where view=?", view);
  }

  @Override
  public void commit() {
    rows.flush();
    sql.update("commit");
    committed = true;
    afterCommit.run();
  }

  boolean committed() {
    return committed;
  }

  @Override
  public void close() {
    end.accept(this);
  }
}
