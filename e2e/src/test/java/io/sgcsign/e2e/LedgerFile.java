// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Leaf;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks into a server's database from outside, or does to it what nobody should. */
final class LedgerFile implements AutoCloseable {
  private final Connection database;

  private LedgerFile(Connection database) {
    this.database = database;
  }

  static LedgerFile read(Path file) {
    return open("jdbc:sqlite:file:" + file + "?mode=ro");
  }

  /** To be closed before a server is started again. */
  static LedgerFile tamper(Path file) {
    return open("jdbc:sqlite:file:" + file + "?mode=rw");
  }

  private static LedgerFile open(String url) {
    try {
      return new LedgerFile(DriverManager.getConnection(url));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The events from {@code from} on. */
  List<Leaf> events(long from) {
    try (var query =
        database.prepareStatement("select body from event where seq >= ? order by seq")) {
      query.setLong(1, from);
      var events = new ArrayList<Leaf>();
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          events.add(Leaf.parse(Bytes.wrap(rows.getBytes(1))));
        }
      }
      return events;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many events have this type. */
  static long count(Path file, String type) {
    try (var ledger = read(file)) {
      return ledger.events(0).stream().filter(e -> e.type().equals(type)).count();
    }
  }

  /** Runs a statement; returns how many rows it changed. */
  int execute(String sql) {
    try (var statement = database.createStatement()) {
      return statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      database.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
