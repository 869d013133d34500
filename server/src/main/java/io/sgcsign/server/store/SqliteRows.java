// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.ledger.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of views in the table {@code view_row}. */
final class SqliteRows implements Rows.Mutable {
  private static final String RANGE =
      "select key, value from view_row where view=? and key>=? and key<? order by key ";

  private final Sql sql;

  SqliteRows(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Optional<Bytes> get(String view, String key) {
    return sql.one(
        row -> Sql.bytes(row, 1), "select value from view_row where view=? and key=?", view, key);
  }

  @Override
  public List<Row> range(String view, String from, String to, Order order, int limit) {
    String direction = order == Order.ASCENDING ? "asc limit ?" : "desc limit ?";
    var found = new ArrayList<Row>();
    sql.each(
        row -> new Row(row.getString(1), Sql.bytes(row, 2)),
        found::add,
        RANGE + direction,
        view,
        from,
        to,
        limit);
    return List.copyOf(found);
  }

  @Override
  public void put(String view, String key, Bytes value) {
    sql.update("insert or replace into view_row values (?, ?, ?)", view, key, value);
  }

  @Override
  public void delete(String view, String key) {
    sql.update("delete from view_row where view=? and key=?", view, key);
  }
}
