// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import io.sgcsign.server.ledger.Rows;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows the writer works with, written to the database once, at the end of a transaction: the
 * callers of a batch read and write the same few rows again and again, and what an intent wrote its
 * end reads soon after. Nobody else writes to the database. Not thread-safe.
 */
final class CachedRows implements Rows.Mutable {
  /** Rows. A batch of 1,024 entries touches fewer; a rebuild touches all there are. */
  private static final int MAX_CELLS = 20_000;

  /** Rows kept for the next transaction: those of a thousand signatures, about 6 MiB. */
  private static final int MAX_KEPT = 6_000;

  private final SqliteRows database;
  private final Map<String, Map<String, Cell>> tables = new HashMap<>();
  private int cells;

  CachedRows(SqliteRows database) {
    this.database = database;
  }

  /** A row as this transaction sees it; both forms null: there is none. */
  private static final class Cell {
    private @Nullable Bytes bytes;
    private Json.@Nullable Obj json;
    private boolean dirty;

    Cell(@Nullable Bytes bytes, Json.@Nullable Obj json, boolean dirty) {
      this.bytes = bytes;
      this.json = json;
      this.dirty = dirty;
    }

    Optional<Bytes> bytes() {
      if (bytes == null && json != null) {
        bytes = json.canonical();
      }
      return Optional.ofNullable(bytes);
    }

    Optional<Json.Obj> json() {
      if (json == null && bytes != null) {
        json = Json.readObject(bytes);
      }
      return Optional.ofNullable(json);
    }
  }

  @Override
  public Optional<Bytes> get(String view, String key) {
    return cell(view, key).bytes();
  }

  @Override
  public Optional<Json.Obj> json(String view, String key) {
    return cell(view, key).json();
  }

  private Cell cell(String view, String key) {
    var table = table(view);
    var known = table.get(key);
    if (known != null) {
      return known;
    }
    var read = new Cell(database.get(view, key).orElse(null), null, false);
    table.put(key, read);
    cells++;
    return read;
  }

  private Map<String, Cell> table(String view) {
    if (cells >= MAX_CELLS) {
      flush();
      reset();
    }
    return tables.computeIfAbsent(view, _ -> new LinkedHashMap<>());
  }

  @Override
  public void put(String view, String key, Bytes value) {
    change(view, key, new Cell(value, null, true));
  }

  @Override
  public void put(String view, String key, Json.Obj value) {
    change(view, key, new Cell(null, value, true));
  }

  @Override
  public void delete(String view, String key) {
    change(view, key, new Cell(null, null, true));
  }

  private void change(String view, String key, Cell cell) {
    if (table(view).put(key, cell) == null) {
      cells++;
    }
  }

  @Override
  public List<Row> range(String view, String from, String to, Order order, int limit) {
    flush(view);
    return database.range(view, from, to, order, limit);
  }

  /** Writes what changed in one view. */
  void flush(String view) {
    tables
        .getOrDefault(view, Map.of())
        .forEach((key, cell) -> {
          if (cell.dirty) {
            cell.bytes()
                .ifPresentOrElse(
                    bytes -> database.put(view, key, bytes), () -> database.delete(view, key));
            cell.dirty = false;
          }
        });
  }

  /** Writes everything that changed. */
  void flush() {
    tables.keySet().forEach(this::flush);
  }

  /** Called after a commit: what is known now is what the database holds. */
  void committed() {
    if (cells > MAX_KEPT) {
      reset();
    }
  }

  /** Forgets everything: the transaction is rolled back, or the database may be another one. */
  void reset() {
    tables.clear();
    cells = 0;
  }

  /** Forgets a view whose rows are deleted. */
  void forget(String view) {
    var table = tables.remove(view);
    cells -= table == null ? 0 : table.size();
  }
}
