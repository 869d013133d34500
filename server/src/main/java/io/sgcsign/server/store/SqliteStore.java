// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.server.ledger.EventStore;
import io.sgcsign.server.ledger.Snapshot;
import io.sgcsign.server.ledger.StoreException;
import io.sgcsign.server.ledger.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log in one SQLite file. The writer has its own connection and opens a new one after a
 * failure; readers share a few and see what was committed when they began.
 */
final class SqliteStore implements EventStore {
  /** Connections. Queries are short and never wait for the writer; more only cost memory. */
  private static final int READERS = 4;

  /** Seconds a query waits for a free connection. */
  private static final int READER_PATIENCE = 10;

  private final Supplier<Sql> connector;
  private final Runnable identityCheck;
  private final AutoCloseable lock;
  private final BlockingQueue<Sql> readers = new ArrayBlockingQueue<>(READERS);
  private @Nullable Writing writer;

  /** The writer's connection and the rows it knows. */
  private record Writing(Sql sql, CachedRows rows) {
    static Writing of(Sql sql) {
      return new Writing(sql, new CachedRows(new SqliteRows(sql)));
    }
  }

  /**
   * {@code identityCheck} throws if the files written are no longer the database; {@code lock} is
   * held until the store is closed.
   */
  SqliteStore(Supplier<Sql> connector, Runnable identityCheck, AutoCloseable lock) {
    this.connector = connector;
    this.identityCheck = identityCheck;
    this.lock = lock;
    for (int i = 0; i < READERS; i++) {
      readers.add(connector.get());
    }
  }

  @Override
  public StoreTransaction begin() {
    identityCheck.run();
    Writing writing = writer == null ? Writing.of(connector.get()) : writer;
    writer = writing;
    try {
      writing.sql().update("begin immediate");
    } catch (StoreException e) {
      discardWriter(e);
      throw e;
    }
    return new SqliteTransaction(writing.sql(), writing.rows(), identityCheck, this::end);
  }

  private void end(SqliteTransaction transaction) {
    Writing writing = writer;
    if (writing == null) {
      return;
    }
    if (transaction.committed()) {
      writing.rows().committed();
      return;
    }
    writing.rows().reset();
    try {
      writing.sql().execute("rollback");
    } catch (StoreException e) {
      // SQLite rolled back by itself when it failed; the next transaction gets a new connection
      discardWriter(e);
    }
  }

  private void discardWriter(StoreException reason) {
    Writing writing = writer;
    writer = null;
    if (writing != null) {
      try {
        writing.sql().close();
      } catch (StoreException e) {
        reason.addSuppressed(e);
      }
    }
  }

  @Override
  public <T> T read(Function<Snapshot, T> query) {
    Sql sql = takeReader();
    try {
      sql.execute("begin");
      try {
        return query.apply(new SqliteSnapshot(sql));
      } finally {
        sql.execute("rollback");
      }
    } finally {
      readers.add(sql);
    }
  }

  private Sql takeReader() {
    try {
      Sql sql = readers.poll(READER_PATIENCE, TimeUnit.SECONDS);
      if (sql == null) {
        throw new StoreException("No database connection became free");
      }
      return sql;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("Interrupted while waiting for a database connection", e);
    }
  }

  /** Waits for queries that run. */
  @Override
  public void close() {
    List<AutoCloseable> open = new ArrayList<>();
    if (writer != null) {
      open.add(writer.sql());
    }
    for (int i = 0; i < READERS; i++) {
      open.add(takeReader());
    }
    open.add(lock);
    var failure = new StoreException("The database did not close cleanly");
    open.forEach(resource -> close(resource, failure));
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private static void close(AutoCloseable resource, StoreException failure) {
    try {
      resource.close();
    } catch (Exception e) { // AutoCloseable declares it
      failure.addSuppressed(e);
    }
  }
}
