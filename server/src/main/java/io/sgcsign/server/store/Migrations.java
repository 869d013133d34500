// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.store;

import io.sgcsign.server.ledger.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Brings a database to the schema of this version: numbered scripts, each in one transaction. */
final class Migrations {
  private static final List<String> SCRIPTS = List.of("001-ledger.sql", "002-answers.sql");

  private Migrations() {}

  static void apply(Sql sql) {
    sql.execute("begin immediate");
    int version = version(sql);
    for (int i = version; i < SCRIPTS.size(); i++) {
      sql.script(read(SCRIPTS.get(i)));
    }
    sql.execute("pragma user_version=" + SCRIPTS.size());
    sql.execute("commit");
  }

  /** Demands a schema that this version can read. */
  static void require(Sql sql) {
    if (version(sql) == 0) {
      throw new StoreException("The database holds no log");
    }
  }

  private static int version(Sql sql) {
    int version = sql.one(row -> row.getInt(1), "pragma user_version").orElse(0);
    if (version > SCRIPTS.size()) {
      throw new StoreException(
          "The database has schema " + version + ", this version knows " + SCRIPTS.size());
    }
    return version;
  }

  private static String read(String name) {
    try (var in = Migrations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The script " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
