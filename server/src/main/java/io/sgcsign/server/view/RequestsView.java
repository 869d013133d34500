// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.server.ledger.Recorded;
import io.sgcsign.server.ledger.Rows;
import io.sgcsign.server.ledger.View;
import io.sgcsign.server.ledger.event.LogPruned;
import io.sgcsign.server.ledger.event.RequestRejected;
import io.sgcsign.server.ledger.event.RequestSubmitted;
import io.sgcsign.server.ledger.event.SignatureCompleted;
import io.sgcsign.server.ledger.event.SignatureDiscarded;
import io.sgcsign.server.ledger.event.SignatureEnd;
import io.sgcsign.server.ledger.event.SignatureFailed;
import io.sgcsign.server.ledger.event.SignatureIndeterminate;
import io.sgcsign.server.ledger.event.SignatureIntended;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All requests, the newest first, found again by what they say of their build. */
public final class RequestsView implements View {
  private static final String REQUESTS = "requests";
  private static final String BY_TIME = "requests_by_time";
  private static final String BY_TERM = "requests_by_term";
  private static final String PRUNED = "requests_pruned";
  private static final String BEFORE = "before";

  /** Index rows looked at for one page: a filter that fits few must not read the whole log. */
  private static final int MAX_SCAN = 10_000;

  /** Index rows read at once. */
  private static final int CHUNK = 200;

  @Override
  public String name() {
    return "requests";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public List<String> tables() {
    return List.of(REQUESTS, BY_TIME, BY_TERM, PRUNED);
  }

  @Override
  public void fold(Recorded recorded, Rows.Mutable rows) {
    if (recorded.event() instanceof LogPruned pruned) {
      prune(pruned.before(), rows);
    }
    if (recorded.request().isEmpty()) {
      return;
    }
    String id = recorded.request().get();
    switch (recorded.event()) {
      case RequestSubmitted submitted -> submit(id, recorded, submitted, rows);
      case RequestRejected rejected -> reject(id, recorded, rejected, rows);
      case SignatureIntended intended -> intend(id, recorded, intended, rows);
      case SignatureEnd end -> end(id, recorded, end, rows);
      default -> {
        // tells nothing of a request
      }
    }
  }

  /** Forgets file names, which are personal, as the log did. */
  private static void prune(long before, Rows.Mutable rows) {
    String from = rows.json(PRUNED, BEFORE).map(r -> r.text(BEFORE)).orElse("");
    String to = Keys.seq(before);
    while (from.compareTo(to) < 0) {
      var chunk = rows.range(BY_TIME, from, to, Rows.Order.ASCENDING, CHUNK);
      for (var row : chunk) {
        String id = row.json().text("id");
        rows.json(REQUESTS, id)
            .filter(request -> request.findText("file_name").isPresent())
            .ifPresent(r -> rows.put(REQUESTS, id, r.change().remove("file_name").build()));
      }
      from = chunk.size() < CHUNK ? to : chunk.getLast().key() + "0";
    }
    rows.put(PRUNED, BEFORE, Json.object().put(BEFORE, to).build());
  }

  private static void submit(
      String id, Recorded recorded, RequestSubmitted submitted, Rows.Mutable rows) {
    var parts = submitted.parts();
    var row = begin(recorded, RequestRow.Status.SUBMITTED);
    parts.pub().members().forEach(row::put);
    parts.state().members().forEach(row::put);
    row.putIfPresent("file_name", submitted.fileName());
    rows.put(REQUESTS, id, row.build());
    index(id, recorded.seq(), rows);
    for (var term : RequestFilter.termsOf(submitted.context())) {
      rows.put(BY_TERM, termKey(term) + Keys.seq(recorded.seq()), idRow(id));
    }
  }

  private static void reject(
      String id, Recorded recorded, RequestRejected rejected, Rows.Mutable rows) {
    var known = rows.json(REQUESTS, id);
    var row =
        known.map(Json.Obj::change).orElseGet(() -> begin(recorded, RequestRow.Status.REJECTED));
    row.putIfPresent("format", rejected.format());
    row.putIfPresent("provider", rejected.provider());
    row.putIfPresent("file_name", rejected.fileName());
    row.put("code", rejected.code());
    finish(row, recorded, RequestRow.Status.REJECTED);
    rows.put(REQUESTS, id, row.build());
    if (known.isEmpty()) {
      index(id, recorded.seq(), rows);
    }
  }

  private static void intend(
      String id, Recorded recorded, SignatureIntended intended, Rows.Mutable rows) {
    var known = rows.json(REQUESTS, id);
    if (known.isEmpty()) {
      return;
    }
    var asks = new ArrayList<>(known.get().list("asks"));
    asks.add(new RequestRow.Ask(recorded.seq(), intended.ordinal(), Optional.empty()).toJson());
    var row =
        known
            .get()
            .change()
            .put("asks", new Json.Arr(asks))
            .put("status", RequestRow.Status.SIGNING.wireName())
            .remove("finished_at")
            .remove("code");
    rows.put(REQUESTS, id, row.build());
  }

  private static void end(String id, Recorded recorded, SignatureEnd end, Rows.Mutable rows) {
    var known = rows.json(REQUESTS, id);
    if (known.isEmpty()) {
      return;
    }
    var asks =
        known.get().list("asks").stream()
            .map(RequestRow.Ask::read)
            .map(ask -> end.intents().contains(ask.intent()) ? ended(ask, recorded) : ask)
            .toList();
    var row =
        known.get().change().put("asks", new Json.Arr(asks.stream().map(a -> a.toJson()).toList()));
    if (asks.stream().allMatch(ask -> ask.end().isPresent())) {
      finish(row, recorded, statusOf(end));
      row.putIfPresent("code", codeOf(end));
      if (end instanceof SignatureCompleted completed) {
        row.putIfPresent("signed", completed.signed());
      }
    }
    rows.put(REQUESTS, id, row.build());
  }

  private static RequestRow.Ask ended(RequestRow.Ask ask, Recorded recorded) {
    return new RequestRow.Ask(ask.intent(), ask.ordinal(), Optional.of(recorded.seq()));
  }

  private static RequestRow.Status statusOf(SignatureEnd end) {
    return switch (end) {
      case SignatureCompleted _ -> RequestRow.Status.COMPLETED;
      case SignatureDiscarded _ -> RequestRow.Status.DISCARDED;
      case SignatureFailed _ -> RequestRow.Status.FAILED;
      case SignatureIndeterminate _ -> RequestRow.Status.INDETERMINATE;
    };
  }

  private static Optional<String> codeOf(SignatureEnd end) {
    return switch (end) {
      case SignatureDiscarded discarded -> Optional.of(discarded.code());
      case SignatureFailed failed -> Optional.of(failed.code());
      case SignatureCompleted _, SignatureIndeterminate _ -> Optional.empty();
    };
  }

  private static Json.Builder begin(Recorded recorded, RequestRow.Status status) {
    return Json.object()
        .put("seq", recorded.seq())
        .put("submitted_at", Leaf.format(recorded.time()))
        .put("status", status.wireName())
        .put("by", recorded.by());
  }

  private static void finish(Json.Builder row, Recorded recorded, RequestRow.Status status) {
    row.put("status", status.wireName());
    row.put("finished_at", Leaf.format(recorded.time()));
  }

  private static void index(String id, long seq, Rows.Mutable rows) {
    rows.put(BY_TIME, Keys.seq(seq), idRow(id));
  }

  private static Json.Obj idRow(String id) {
    return Json.object().put("id", id).build();
  }

  private static String termKey(RequestFilter.Term term) {
    return Keys.hash(term.field()) + "/" + Keys.hash(term.value()) + "/";
  }

  public static Optional<RequestRow> find(Rows rows, String id) {
    return rows.json(REQUESTS, id).map(row -> RequestRow.read(id, row));
  }

  /**
   * At most {@code limit} requests, the newest first, older than {@code cursor} if it is given. A
   * page can be short, even empty, and still have a cursor.
   */
  public static Page<RequestRow> list(
      Rows rows, RequestFilter filter, Optional<String> cursor, int limit) {
    String table = filter.terms().isEmpty() ? BY_TIME : BY_TERM;
    String prefix = filter.terms().isEmpty() ? "" : termKey(filter.terms().getFirst());
    String to = prefix + cursor.orElse(Keys.END);
    var found = new ArrayList<RequestRow>();
    for (int scanned = 0; scanned < MAX_SCAN; scanned += CHUNK) {
      var chunk = rows.range(table, prefix, to, Rows.Order.DESCENDING, CHUNK);
      for (var row : chunk) {
        to = row.key();
        find(rows, row.json().text("id"))
            .filter(request -> filter.matches(request.context()))
            .ifPresent(found::add);
        if (found.size() == limit) {
          return new Page<>(found, Optional.of(to.substring(prefix.length())));
        }
      }
      if (chunk.size() < CHUNK) {
        return new Page<>(found, Optional.empty());
      }
    }
    return new Page<>(found, Optional.of(to.substring(prefix.length())));
  }
}
