// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.ledger.Rows;
import io.sgcsign.server.ledger.StoreException;
import io.sgcsign.server.ledger.StoredAnswer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStorageTest {
  @TempDir Path folder;
  private SqliteStorage storage;

  @BeforeEach
  void begin() {
    storage = new SqliteStorage(folder.resolve("new/ledger.db"));
  }

  @Test
  void syncsEveryCommitToDisk() {
    try (var _ = storage.open(true);
        var sql = storage.connect(false)) {
      assertThat(sql.one(row -> row.getInt(1), "pragma synchronous")).contains(2);
      assertThat(sql.one(row -> row.getString(1), "pragma journal_mode")).contains("wal");
      assertThat(sql.one(row -> row.getInt(1), "pragma busy_timeout")).contains(5_000);
    }
  }

  @Test
  void leavesNoTraceOfATransactionThatWasNotCommitted() {
    try (var store = storage.open(true)) {
      try (var transaction = store.begin()) {
        transaction.rows().put("v", "k", Bytes.utf8("1"));
        assertThat(transaction.rows().get("v", "k")).contains(Bytes.utf8("1"));
      }
      assertThat(store.read(s -> s.rows().get("v", "k")).isPresent()).isFalse();
      try (var transaction = store.begin()) {
        assertThat(transaction.rows().get("v", "k")).isEmpty();
      }
    }
  }

  @Test
  void readsItsOwnRowsBeforeTheyAreWritten() {
    try (var store = storage.open(true)) {
      try (var transaction = store.begin()) {
        transaction.rows().put("v", "b", Bytes.utf8("1"));
        transaction.rows().put("v", "a", Bytes.utf8("2"));
        transaction.rows().put("w", "a", Bytes.utf8("3"));
        transaction.rows().put("v", "c", Bytes.utf8("4"));
        transaction.rows().delete("v", "c");
        var rows = transaction.rows().range("v", "", "z", Rows.Order.DESCENDING, 9);
        assertThat(rows)
            .containsExactly(
                new Rows.Row("b", Bytes.utf8("1")), new Rows.Row("a", Bytes.utf8("2")));
        transaction.rows().put("v", "a", Bytes.utf8("5"));
        transaction.commit();
      }
      assertThat(store.read(s -> s.rows().get("v", "a")).orElseThrow()).isEqualTo(Bytes.utf8("5"));
      assertThat(store.read(s -> s.rows().get("v", "c")).isPresent()).isFalse();
    }
  }

  @Test
  void writesMoreRowsThanItKeepsInMemory() {
    try (var store = storage.open(true)) {
      try (var transaction = store.begin()) {
        for (int i = 0; i < 50_000; i++) {
          transaction.rows().put("v", "%05d".formatted(i), Bytes.utf8("1"));
        }
        transaction.commit();
      }
      int rows =
          store.read(s -> s.rows().range("v", "", "z", Rows.Order.ASCENDING, 100_000).size());
      assertThat(rows).isEqualTo(50_000);
    }
  }

  @Test
  void purgesExpiredAnswersUpToTheFirstThatIsAlive() {
    try (var store = storage.open(true);
        var transaction = store.begin()) {
      Stream.of(answer(1, "t1"), answer(2, "t5"), answer(3, "t2")).forEach(transaction::putAnswer);
      transaction.purgeAnswers("t2");
      assertThat(transaction.answer(1)).isEmpty();
      assertThat(transaction.answer(2)).contains(answer(2, "t5"));
      transaction.purgeAnswers("t5");
      assertThat(transaction.answer(2)).isEmpty();
      assertThat(transaction.answer(3)).isEmpty();
    }
  }

  private static StoredAnswer answer(long intent, String expires) {
    return new StoredAnswer(intent, 9, expires, Bytes.utf8("info"), Bytes.utf8("block"));
  }

  @Test
  void refusesTheDatabaseOfALaterVersion() {
    storage.open(true).close();
    try (var sql = storage.connect(false)) {
      sql.execute("pragma user_version=999");
    }
    assertThatThrownBy(() -> storage.open(false))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("schema 999");
  }

  @Test
  void refusesAFileThatIsNoDatabase() throws Exception {
    Files.createDirectories(folder.resolve("new"));
    Files.writeString(folder.resolve("new/ledger.db"), "not a database at all ".repeat(99));
    assertThatThrownBy(() -> storage.open(false)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> storage.openForReading()).isInstanceOf(StoreException.class);
  }

  @Test
  void writesNothingWhenOpenedForReading() {
    storage.open(true).close();
    try (var store = storage.openForReading()) {
      assertThatThrownBy(store::begin).hasMessageContaining("for reading only");
    }
    try (var sql = storage.connect(true)) {
      assertThatThrownBy(() -> sql.execute("delete from head")).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void replacesFilesBesideTheDatabaseAtOnce() throws Exception {
    storage.open(true).close();
    assertThat(storage.readFile("note")).isEmpty();
    storage.writeFile("note", Bytes.utf8("one"));
    storage.writeFile("note", Bytes.utf8("two"));
    assertThat(storage.readFile("note")).contains(Bytes.utf8("two"));
    try (var files = Files.list(folder.resolve("new"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("ledger.db", "ledger.db.lock", "note");
    }
  }
}
