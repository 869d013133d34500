// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a ledger says happened, read event by event from outside. */
final class LedgerState {
  private final Path database;
  private final TreeMap<Long, Intent> open = new TreeMap<>();
  private final Set<String> intended = new HashSet<>();
  private final Map<Long, Leaf> completed = new HashMap<>();
  private final Map<String, Integer> completionsByKey = new HashMap<>();
  private final Map<String, Integer> ends = new TreeMap<>();
  private long next;
  private long lastStart;

  private record Intent(String imprint, String key) {}

  LedgerState(Path database) {
    this.database = database;
  }

  /** Reads what is new. */
  void advance() {
    try (var ledger = LedgerFile.read(database)) {
      for (Leaf event : ledger.events(next)) {
        if (event.seq() != next) {
          throw new AssertionError("The log jumps from " + next + " to " + event.seq());
        }
        take(event);
        next++;
      }
    }
  }

  private void take(Leaf event) {
    switch (event.type()) {
      case "node.started" -> lastStart = event.seq();
      case "signature.intended" -> {
        String imprint = event.pub().text("imprint");
        String key = event.pub().object("idem").findText("key").orElse("");
        open.put(event.seq(), new Intent(imprint, key));
        intended.add(imprint);
      }
      case "signature.completed" -> {
        completed.put(event.seq(), event);
        for (long intent : made(event)) {
          Intent ended = end(event, intent);
          if (!ended.key().isEmpty()) {
            completionsByKey.merge(ended.key(), 1, Integer::sum);
          }
        }
      }
      case "signature.failed", "signature.discarded", "signature.indeterminate" ->
          intents(event).forEach(intent -> end(event, intent));
      default -> {
        // tells nothing of signatures
      }
    }
  }

  private Intent end(Leaf event, long intent) {
    ends.merge(event.type(), 1, Integer::sum);
    Intent ended = open.remove(intent);
    if (ended == null) {
      throw new AssertionError("Event " + event.seq() + " ends " + intent + ", which is not open");
    }
    return ended;
  }

  private static List<Long> made(Leaf event) {
    return event.pub().list("made").stream().map(m -> ((Json.Obj) m).number("intent")).toList();
  }

  private static List<Long> intents(Leaf event) {
    var found = new ArrayList<Long>();
    event.pub().findNumber("intent").ifPresent(found::add);
    if (found.isEmpty()) {
      event.pub().list("intents").forEach(i -> found.add(((Json.Int) i).value()));
    }
    return found;
  }

  boolean intended(String imprint) {
    return intended.contains(imprint);
  }

  /** Whether the event says that this request was completed. */
  boolean completed(long index, String requestId) {
    Leaf event = completed.get(index);
    return event != null && event.request().filter(requestId::equals).isPresent();
  }

  /** Intents of earlier runs of the server that nothing ended. */
  Set<Long> forgotten() {
    return open.headMap(lastStart).keySet();
  }

  Set<Long> open() {
    return open.keySet();
  }

  /** How many Idempotency-Keys have their signature. */
  int signedKeys() {
    return completionsByKey.size();
  }

  /** Idempotency-Keys that were signed for more than once. */
  List<String> signedTwice() {
    return completionsByKey.entrySet().stream()
        .filter(e -> e.getValue() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  long events() {
    return next;
  }

  /** How the intents ended, by type of event. */
  Map<String, Integer> ends() {
    return ends;
  }
}
