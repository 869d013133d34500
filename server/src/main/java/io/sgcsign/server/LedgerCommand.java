// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.server.ledger.LedgerAudit;
import io.sgcsign.server.ledger.LedgerExport;
import io.sgcsign.server.ledger.StoreException;
import io.sgcsign.server.store.SqliteStorage;
import io.sgcsign.server.view.Views;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * {@code sgcsign-server ledger verify|rebuild|export|vkeys}: prints what it found, returns the exit
 * code.
 */
public final class LedgerCommand {
  /** All is well. */
  public static final int GOOD = 0;

  /** The log or a view is not what it should be. */
  public static final int BAD = 1;

  /** The question could not be answered. */
  public static final int FAILED = 3;

  private final PrintStream out;
  private final InstantSource clock;
  private final SecureRandom random;

  public LedgerCommand(PrintStream out, InstantSource clock, SecureRandom random) {
    this.out = out;
    this.clock = clock;
    this.random = random;
  }

  /** Recomputes the log and everything that hangs on it. */
  public int verify(Path database) {
    try {
      var report = new LedgerAudit(new SqliteStorage(database), Views.all()).verify();
      out.printf("%d events, %d details%n", report.events(), report.details());
      out.println(report.fault().map(fault -> "BAD: " + fault).orElse("The ledger is good."));
      return report.good() ? GOOD : BAD;
    } catch (StoreException e) {
      return failed(e);
    }
  }

  /** Drops and replays every view; the server must be stopped. */
  public int rebuild(Path database) {
    try {
      var views = new LedgerAudit(new SqliteStorage(database), Views.all()).rebuild();
      boolean identical = true;
      for (var view : views) {
        identical &= view.identical();
        out.printf("%-14s %s%n", view.view(), view.identical() ? "identical" : "DIFFERENT");
      }
      out.println(
          identical
              ? "All views are what their events make."
              : "The views that differed are replaced.");
      return identical ? GOOD : BAD;
    } catch (StoreException e) {
      return failed(e);
    }
  }

  /** Writes checkpoint, tiles and entries into a new tar file. */
  public int export(Path database, Path tar) {
    try (var file =
        Files.newOutputStream(tar, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long events = new LedgerExport(new SqliteStorage(database), clock, random).writeTo(file);
      out.printf("%d events in %s%n", events, tar);
      return GOOD;
    } catch (StoreException | IOException | UncheckedIOException e) {
      return failed(e);
    }
  }

  /** Prints the keys that checkpoints and receipts of this log are verified with. */
  public int verifierKeys(Path database) {
    try {
      new LedgerAudit(new SqliteStorage(database), Views.all())
          .verifierKeys()
          .forEach(out::println);
      return GOOD;
    } catch (StoreException e) {
      return failed(e);
    }
  }

  private int failed(Exception e) {
    out.println("FAILED: " + e.getMessage());
    return FAILED;
  }
}
