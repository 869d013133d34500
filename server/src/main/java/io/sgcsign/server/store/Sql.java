// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.ledger.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A connection with its prepared statements; every failure is a {@link StoreException}. */
final class Sql implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  Sql(Connection connection) {
    this.connection = connection;
  }

  /** Makes a value of the current row. */
  @FunctionalInterface
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** Runs a script of statements; a semicolon at the end of a line ends each. */
  void script(String script) {
    try (var statement = connection.createStatement()) {
      for (String sql : script.split(";\\s*\n", -1)) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  void execute(String sql) {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  void update(String sql, Object... arguments) {
    try {
      prepare(sql, arguments).executeUpdate();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  <T> Optional<T> one(Mapper<T> mapper, String sql, Object... arguments) {
    try (var rows = prepare(sql, arguments).executeQuery()) {
      return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  <T> void each(Mapper<T> mapper, Consumer<? super T> consumer, String sql, Object... arguments) {
    try (var rows = prepare(sql, arguments).executeQuery()) {
      while (rows.next()) {
        consumer.accept(mapper.map(rows));
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  static Bytes bytes(ResultSet row, int column) throws SQLException {
    return Bytes.wrap(row.getBytes(column));
  }

  static StoreException failed(SQLException e) {
    return new StoreException("The database failed: " + e.getMessage(), e);
  }

  private PreparedStatement prepare(String sql, Object... arguments) throws SQLException {
    var statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case Bytes bytes -> statement.setBytes(i + 1, bytes.toArray());
        case Number number -> statement.setLong(i + 1, number.longValue());
        case Object text -> statement.setString(i + 1, text.toString());
      }
    }
    return statement;
  }

  /** Closes the connection; what it had not committed is gone. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
