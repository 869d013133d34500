// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.ledger.EventStore;
import io.sgcsign.server.ledger.Storage;
import io.sgcsign.server.ledger.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** A log in a SQLite file, with its lock beside it; private to its owner. */
public final class SqliteStorage implements Storage {
  /** Milliseconds SQLite waits for another process, for example a backup. */
  private static final int BUSY_TIMEOUT = 5_000;

  /**
   * Pages the write-ahead log grows to before they are copied into the database: 16 MiB, so that
   * the pages written again and again are copied once.
   */
  private static final int CHECKPOINT_PAGES = 4_000;

  /** KiB of pages kept in memory by each connection. */
  private static final int CACHE = 8_192;

  private final Path file;

  public SqliteStorage(Path file) {
    this.file = file.toAbsolutePath();
  }

  @Override
  public Optional<Bytes> readFile(String name) {
    return PrivateFiles.read(folder().resolve(name));
  }

  @Override
  public void writeFile(String name, Bytes content) {
    PrivateFiles.write(folder().resolve(name), content);
  }

  private Path folder() {
    Path folder = file.getParent();
    if (folder == null) {
      throw new StoreException("Not a file: " + file);
    }
    return folder;
  }

  @Override
  public long usableSpace() {
    // not by Files.getFileStore: it reads the table of all mounts, and this is asked at every
    // commit
    return folder().toFile().getUsableSpace();
  }

  @Override
  public EventStore open(boolean create) {
    if (create) {
      PrivateFiles.createFolder(folder());
      PrivateFiles.create(file);
    }
    requireFile();
    var lock = WriterLock.take(file);
    try {
      try (var sql = connect(false)) {
        Migrations.apply(sql);
      }
      var database = new FileIdentity(file);
      var wal = new FileIdentity(file.resolveSibling(file.getFileName() + "-wal"));
      return new SqliteStore(
          () -> connect(false),
          () -> {
            database.check();
            wal.check();
          },
          lock);
    } catch (StoreException e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public EventStore openForReading() {
    requireFile();
    try (var sql = connect(true)) {
      Migrations.require(sql);
    }
    return new SqliteStore(
        () -> connect(true),
        () -> {
          throw new StoreException("The database is open for reading only");
        },
        () -> {});
  }

  @Override
  public EventStore openScratch() {
    try {
      Path scratch = Files.createTempDirectory("sgcsign-ledger");
      var store = new SqliteStorage(scratch.resolve("scratch.db")).open(true);
      return new ScratchStore(store, scratch);
    } catch (IOException e) {
      throw new StoreException("There is no room for a scratch database: " + e, e);
    }
  }

  private void requireFile() {
    if (!Files.isRegularFile(file)) {
      throw new StoreException("There is no database at " + file);
    }
  }

  /** SQLite must not create the file itself: one that vanished has to be missed. */
  Sql connect(boolean readOnly) {
    var config = new SQLiteConfig();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setBusyTimeout(BUSY_TIMEOUT);
    config.setCacheSize(-CACHE);
    config.setGetGeneratedKeys(false); // else the driver runs a query after every insert
    config.setPragma(SQLiteConfig.Pragma.SYNCHRONOUS, "FULL");
    try {
      var sql = new Sql(config.createConnection("jdbc:sqlite:" + file));
      sql.execute(readOnly ? "pragma query_only=on" : "pragma journal_mode=wal");
      sql.execute("pragma wal_autocheckpoint=" + CHECKPOINT_PAGES);
      return sql;
    } catch (SQLException e) {
      throw Sql.failed(e);
    }
  }
}
