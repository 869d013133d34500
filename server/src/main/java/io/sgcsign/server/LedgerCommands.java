// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.log.ProofException;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.ledger.AuditReport;
import io.sgcsign.server.ledger.LedgerAudit;
import io.sgcsign.server.ledger.LedgerExport;
import io.sgcsign.server.ledger.StoreException;
import io.sgcsign.server.store.SqliteStorage;
import io.sgcsign.server.view.Views;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** {@code ledger verify|rebuild|export}: the auditor's questions, from the database alone. */
record LedgerCommands(House.World world, PrintStream out, PrintStream err) {

  int run(Arguments arguments, ServerConfig config) {
    String what = arguments.words().size() > 1 ? arguments.words().get(1) : "";
    var storage = new SqliteStorage(config.database());
    try {
      return switch (what) {
        case "verify" -> verify(new LedgerAudit(storage, Views.all()));
        case "rebuild" -> rebuild(new LedgerAudit(storage, Views.all()));
        case "vkeys" -> vkeys(new LedgerAudit(storage, Views.all()));
        case "export" -> export(storage, Path.of(arguments.required("--out")));
        default ->
            throw new Arguments.UsageException("ledger takes verify, rebuild, export or vkeys");
      };
    } catch (StoreException | ProofException e) {
      err.println("sgcsign-server: " + e.getMessage());
      return 1;
    } catch (IOException e) {
      err.println("sgcsign-server: the export cannot be written: " + e);
      return 1;
    }
  }

  private int verify(LedgerAudit audit) {
    AuditReport report = audit.verify();
    out.println("events  " + report.events());
    out.println("details " + report.details());
    report
        .fault()
        .ifPresentOrElse(
            f ->
                out.println(
                    "BROKEN  " + f.seq().map(s -> "at event " + s + ": ").orElse("") + f.what()),
            () -> out.println("ok      chain, tree, checkpoint, details and views agree"));
    return report.good() ? 0 : 1;
  }

  private int vkeys(LedgerAudit audit) {
    audit.verifierKeys().forEach(out::println);
    return 0;
  }

  private int rebuild(LedgerAudit audit) {
    boolean same = true;
    for (LedgerAudit.Rebuilt view : audit.rebuild()) {
      boolean identical = view.before().equals(view.after());
      out.println((identical ? "identical  " : "DIFFERENT  ") + view.view());
      same &= identical;
    }
    return same ? 0 : 1;
  }

  private int export(SqliteStorage storage, Path file) throws IOException {
    try (OutputStream target = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      long events = new LedgerExport(storage, world.clock(), world.random()).writeTo(target);
      out.println("Wrote " + events + " events to " + file);
    }
    return 0;
  }
}
