// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import io.sgcsign.server.ledger.Answer;
import io.sgcsign.server.ledger.EventStore;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.ledger.LedgerAudit;
import io.sgcsign.server.ledger.LedgerFixture;
import io.sgcsign.server.ledger.Snapshot;
import io.sgcsign.server.ledger.Storage;
import io.sgcsign.server.ledger.StoreTransaction;
import io.sgcsign.server.view.Views;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Someone with the database edits, deletes, inserts, reorders and truncates: the audit sees it. */
class MutationTest {
  /** Every column of every table that could be edited; seq and keys are reordered instead. */
  private static final List<String> BLOBS =
      List.of(
          "event.leaf",
          "event.body",
          "detail.salt",
          "detail.body",
          "head.frontier",
          "tile.hashes",
          "secret.salt",
          "secret.value",
          "answer.info",
          "answer.block",
          "view_row.value");

  private static final List<String> TABLES =
      List.of("event", "detail", "head", "tile", "secret", "answer", "view_row");

  private static final List<String> COMPOUND_KEYS = List.of("detail", "tile", "view_row");

  @TempDir Path folder;
  private LedgerFixture fixture;

  @BeforeEach
  void begin() {
    fixture = new LedgerFixture(folder);
  }

  private void fill(int requests) {
    try (Ledger ledger = fixture.start("boot-1")) {
      var block = Bytes.utf8("block");
      for (int i = 0; i < requests; i++) {
        String id = "r" + i;
        var begun = List.of(LedgerFixture.submitted(id), LedgerFixture.intended(id));
        long intent = ledger.append(begun).seqs().getLast();
        var done =
            LedgerFixture.completed(id, intent, block)
                .answering(new Answer(intent, Json.Obj.EMPTY, block))
                .storing("secret/" + i, Bytes.utf8("hash " + i));
        ledger.append(List.of(done));
      }
    }
  }

  @Test
  void detectsTenThousandRandomMutationsOfASmallLog() throws SQLException {
    fill(3);
    mutate(10_000, 1);
  }

  @Test
  void detectsMutationsOfALogWithTiles() throws SQLException {
    fill(90);
    mutate(150, 2);
  }

  private void mutate(int count, long seed) throws SQLException {
    var random = new Random(seed);
    var missed = new ArrayList<String>();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + fixture.database());
        var sql = new Sql(connection);
        var scratch = new Scratch()) {
      var audit = new LedgerAudit(new OpenStorage(sql, scratch, fixture.storage()), Views.all());
      assertThat(audit.verify().fault()).as("before any mutation").isEmpty();
      for (int i = 0; i < count; i++) {
        sql.execute("begin");
        String mutation = mutation(connection, random);
        if (audit.verify().good()) {
          missed.add(mutation);
        }
        sql.execute("rollback");
      }
    }
    assertThat(missed).isEmpty();
  }

  private static String mutation(Connection connection, Random random) throws SQLException {
    while (true) {
      String statement = statement(connection, random);
      try (var sql = connection.createStatement()) {
        if (sql.executeUpdate(statement) > 0) {
          return statement;
        }
      } catch (SQLException e) {
        // a mutation the schema itself refuses, for example a key that exists: choose another
        assertThat(e.getMessage()).contains("constraint");
      }
    }
  }

  private static String statement(Connection connection, Random random) throws SQLException {
    return switch (random.nextInt(6)) {
      case 0, 1 -> edit(connection, random);
      case 2 -> delete(connection, random);
      case 3 -> insert(connection, random);
      case 4 -> reorder(connection, random);
      default -> "delete from event where seq>=" + random.nextInt(count(connection, "event"));
    };
  }

  private static String one(Connection connection, Random random, List<String> of)
      throws SQLException {
    while (true) {
      String table = of.get(random.nextInt(of.size()));
      if (count(connection, table) > 0) {
        return table;
      }
    }
  }

  private static int count(Connection connection, String table) throws SQLException {
    try (var sql = connection.createStatement();
        var rows = sql.executeQuery("select count(*) from " + table)) {
      return rows.getInt(1);
    }
  }

  /** Flips bits of one byte of one blob. */
  private static String edit(Connection connection, Random random) throws SQLException {
    String table = one(connection, random, TABLES);
    var columns = BLOBS.stream().filter(blob -> blob.startsWith(table + ".")).toList();
    String column = columns.get(random.nextInt(columns.size())).substring(table.length() + 1);
    String where = where(connection, random, table);
    String select = "select %s from %s where %s".formatted(column, table, where);
    try (var sql = connection.createStatement();
        var found = sql.executeQuery(select)) {
      byte[] value = found.getBytes(1);
      value[random.nextInt(value.length)] ^= (byte) (1 + random.nextInt(255));
      String hex = Bytes.wrap(value).toHex();
      return "update %s set %s=x'%s' where %s".formatted(table, column, hex, where);
    }
  }

  /** The condition that picks one random row by its key. */
  private static String where(Connection connection, Random random, String table)
      throws SQLException {
    int row = random.nextInt(count(connection, table));
    String select = "select * from %s limit 1 offset %d".formatted(table, row);
    try (var sql = connection.createStatement();
        var found = sql.executeQuery(select)) {
      var names = found.getMetaData();
      String where = "%s='%s'".formatted(names.getColumnName(1), found.getString(1));
      return COMPOUND_KEYS.contains(table)
          ? where + " and %s='%s'".formatted(names.getColumnName(2), found.getString(2))
          : where;
    }
  }

  private static String delete(Connection connection, Random random) throws SQLException {
    String table = one(connection, random, TABLES);
    return "delete from %s where %s".formatted(table, where(connection, random, table));
  }

  private static String insert(Connection connection, Random random) throws SQLException {
    int seq = random.nextInt(count(connection, "event") + 3);
    return switch (random.nextInt(6)) {
      case 0 -> "insert into event select %d, leaf, body from event limit 1".formatted(seq + 9);
      case 1 -> "insert into detail values (%d, 'personal', x'00', x'7b7d')".formatted(seq);
      case 2 -> "insert into tile values (%d, %d, x'00')".formatted(random.nextInt(4), seq);
      case 3 -> "insert into secret values ('planted', x'00', x'00')";
      case 4 -> "insert into answer values (%d, %d, '2999', x'7b7d', x'00')".formatted(seq, seq);
      default ->
          "insert into view_row select view, key || 'x', value from view_row limit 1 offset "
              + random.nextInt(count(connection, "view_row"));
    };
  }

  /** Two rows change places. */
  private static String reorder(Connection connection, Random random) throws SQLException {
    int size = count(connection, "event");
    int a = random.nextInt(size);
    int b = (a + 1 + random.nextInt(size - 1)) % size;
    String columns = random.nextBoolean() ? "leaf, body" : "body";
    String swap =
        "update event set (%s) = (select %s from event o where o.seq = %d + %d - event.seq)"
            .formatted(columns, columns, a, b);
    return swap + " where seq in (%d, %d)".formatted(a, b);
  }

  /** Sees the connection's own uncommitted mutation. */
  private record OpenStorage(Sql sql, Scratch scratch, Storage real) implements Storage {
    @Override
    public EventStore openForReading() {
      return new EventStore() {
        @Override
        public StoreTransaction begin() {
          throw new IllegalStateException("an audit writes nothing");
        }

        @Override
        public <T> T read(Function<Snapshot, T> query) {
          return query.apply(new SqliteSnapshot(sql));
        }

        @Override
        public void close() {
          // the test's connection lives on
        }
      };
    }

    @Override
    public EventStore openScratch() {
      return scratch;
    }

    @Override
    public EventStore open(boolean create) {
      return real.open(create);
    }

    @Override
    public long usableSpace() {
      return real.usableSpace();
    }

    @Override
    public Optional<Bytes> readFile(String name) {
      return real.readFile(name);
    }

    @Override
    public void writeFile(String name, Bytes content) {
      real.writeFile(name, content);
    }
  }

  /** A database in memory, empty again after every transaction. */
  private static final class Scratch implements EventStore {
    private final Sql sql;

    Scratch() throws SQLException {
      sql = new Sql(DriverManager.getConnection("jdbc:sqlite::memory:"));
      Migrations.apply(sql);
    }

    @Override
    public StoreTransaction begin() {
      sql.execute("begin");
      return new SqliteTransaction(
          sql, new CachedRows(new SqliteRows(sql)), () -> {}, _ -> sql.execute("rollback"));
    }

    @Override
    public <T> T read(Function<Snapshot, T> query) {
      return query.apply(new SqliteSnapshot(sql));
    }

    @Override
    public void close() {
      // used again for the next mutation
    }
  }
}
