// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.ledger.Rows;
import io.sgcsign.server.ledger.Secrets;
import io.sgcsign.server.ledger.Snapshot;
import io.sgcsign.server.ledger.StoreException;
import io.sgcsign.server.ledger.StoredAnswer;
import io.sgcsign.server.ledger.StoredEvent;
import io.sgcsign.server.ledger.StoredSecret;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads everything through one connection, inside a transaction its owner began. */
class SqliteSnapshot implements Snapshot, Secrets {
  private static final String EVENTS =
      "select e.seq, e.leaf, e.body, s.salt, s.body, p.salt, p.body from event e"
          + " left join detail s on s.seq=e.seq and s.kind='state'"
          + " left join detail p on p.seq=e.seq and p.kind='personal'"
          + " where e.seq>=? and e.seq<? order by e.seq";

  protected final Sql sql;
  private final SqliteRows rows;

  SqliteSnapshot(Sql sql) {
    this.sql = sql;
    this.rows = new SqliteRows(sql);
  }

  @Override
  public Rows.Mutable rows() {
    return rows;
  }

  @Override
  public Secrets secrets() {
    return this;
  }

  @Override
  public Optional<Bytes> get(String name) {
    return sql.one(row -> Sql.bytes(row, 1), "select value from secret where name=?", name);
  }

  @Override
  public Optional<String> nameOf(Bytes value) {
    return sql.one(row -> row.getString(1), "select name from secret where value=?", value);
  }

  @Override
  public Bytes frontier() {
    return sql.one(row -> Sql.bytes(row, 1), "select frontier from head where id=1")
        .orElseThrow(() -> new StoreException("The head of the log is missing"));
  }

  @Override
  public Optional<StoredEvent> event(long seq) {
    return sql.one(SqliteSnapshot::storedEvent, EVENTS, seq, seq + 1);
  }

  @Override
  public void events(long from, long to, Consumer<StoredEvent> consumer) {
    sql.each(SqliteSnapshot::storedEvent, consumer, EVENTS, from, to);
  }

  private static StoredEvent storedEvent(ResultSet row) throws SQLException {
    return new StoredEvent(
        row.getLong(1), Sql.bytes(row, 2), Sql.bytes(row, 3), detail(row, 4), detail(row, 6));
  }

  private static Optional<StoredEvent.Detail> detail(ResultSet row, int column)
      throws SQLException {
    byte[] salt = row.getBytes(column);
    return salt == null
        ? Optional.empty()
        : Optional.of(new StoredEvent.Detail(Bytes.wrap(salt), Sql.bytes(row, column + 1)));
  }

  @Override
  public List<Bytes> leafHashes(long from, long to) {
    var hashes = new ArrayList<Bytes>();
    sql.each(
        row -> Sql.bytes(row, 1),
        hashes::add,
        "select leaf from event where seq>=? and seq<? order by seq",
        from,
        to);
    return List.copyOf(hashes);
  }

  @Override
  public boolean personalBefore(long seq) {
    return sql.one(
            row -> row.getInt(1),
            "select 1 from detail where kind='personal' and seq<? order by seq limit 1",
            seq)
        .isPresent();
  }

  @Override
  public Optional<Bytes> tile(int level, long index) {
    return sql.one(
        row -> Sql.bytes(row, 1), "select hashes from tile where level=? and n=?", level, index);
  }

  @Override
  public Optional<StoredAnswer> answer(long intent) {
    return sql.one(
        SqliteSnapshot::storedAnswer,
        "select intent, seq, expires, info, block from answer where intent=?",
        intent);
  }

  private static StoredAnswer storedAnswer(ResultSet row) throws SQLException {
    return new StoredAnswer(
        row.getLong(1), row.getLong(2), row.getString(3), Sql.bytes(row, 4), Sql.bytes(row, 5));
  }

  @Override
  public void audit(AuditReader reader) {
    sql.each(
        row -> {
          reader.tile(row.getInt(1), row.getLong(2), Sql.bytes(row, 3));
          return row;
        },
        _ -> {},
        "select level, n, hashes from tile order by level, n");
    sql.each(
        row -> new StoredSecret(row.getString(1), Sql.bytes(row, 2), Sql.bytes(row, 3)),
        reader::secret,
        "select name, salt, value from secret order by name");
    sql.each(
        SqliteSnapshot::storedAnswer,
        reader::answer,
        "select intent, seq, expires, info, block from answer order by intent");
    sql.each(row -> row.getLong(1), reader::detailCount, "select count(*) from detail");
    sql.each(
        row -> row.getString(1), reader::view, "select distinct view from view_row order by view");
  }

  @Override
  public void scan(String view, Consumer<Rows.Row> consumer) {
    sql.each(
        row -> new Rows.Row(row.getString(1), Sql.bytes(row, 2)),
        consumer,
        "select key, value from view_row where view=? order by key",
        view);
  }
}
