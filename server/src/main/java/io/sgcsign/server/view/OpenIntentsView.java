// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.log.Json;
import io.sgcsign.server.ledger.Entry;
import io.sgcsign.server.ledger.Recorded;
import io.sgcsign.server.ledger.Recovery;
import io.sgcsign.server.ledger.Rows;
import io.sgcsign.server.ledger.View;
import io.sgcsign.server.ledger.event.NodeStarted;
import io.sgcsign.server.ledger.event.SignatureEnd;
import io.sgcsign.server.ledger.event.SignatureIndeterminate;
import io.sgcsign.server.ledger.event.SignatureIntended;
import java.util.ArrayList;
import java.util.List;

/** The intents without an end, each with the run of the node that made it. */
public final class OpenIntentsView implements View, Recovery {
  private static final String OPEN = "open_intents";
  private static final String BOOTS = "boots";

  /** Rows of one look at the table; what is open at one time is little. */
  private static final int CHUNK = 1_000;

  @Override
  public String name() {
    return "open_intents";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<String> tables() {
    return List.of(OPEN, BOOTS);
  }

  @Override
  public void fold(Recorded recorded, Rows.Mutable rows) {
    switch (recorded.event()) {
      case NodeStarted started ->
          rows.put(BOOTS, recorded.node(), Json.object().put("boot", started.boot()).build());
      case SignatureIntended _ -> opened(recorded, rows);
      case SignatureEnd end -> end.intents().forEach(seq -> rows.delete(OPEN, Keys.seq(seq)));
      default -> {
        // opens and closes nothing
      }
    }
  }

  private static void opened(Recorded recorded, Rows.Mutable rows) {
    var row =
        Json.object()
            .put("node", recorded.node())
            .put("boot", boot(rows, recorded.node()))
            .putIfPresent("req", recorded.request())
            .build();
    rows.put(OPEN, Keys.seq(recorded.seq()), row);
  }

  private static String boot(Rows rows, String node) {
    return rows.json(BOOTS, node).map(row -> row.text("boot")).orElse("");
  }

  /** How many intents are open, at most {@code limit}. */
  public static int count(Rows rows, int limit) {
    return rows.range(OPEN, "", Keys.END, Rows.Order.ASCENDING, limit).size();
  }

  @Override
  public List<Entry> closeOpen(Rows rows, String node, int limit) {
    String boot = boot(rows, node);
    var entries = new ArrayList<Entry>();
    String from = "";
    while (entries.size() < limit) {
      var chunk = rows.range(OPEN, from, Keys.END, Rows.Order.ASCENDING, CHUNK);
      chunk.stream()
          .filter(row -> row.json().text("node").equals(node))
          .filter(row -> !row.json().text("boot").equals(boot))
          .limit(limit - entries.size())
          .forEach(row -> entries.add(indeterminate(row, node)));
      if (chunk.size() < CHUNK) {
        break;
      }
      from = Keys.after(chunk.getLast().key());
    }
    return entries;
  }

  private static Entry indeterminate(Rows.Row row, String node) {
    var entry = Entry.of(new SignatureIndeterminate(Keys.seq(row.key())), node);
    return row.json().findText("req").map(entry::inRequest).orElse(entry);
  }
}
