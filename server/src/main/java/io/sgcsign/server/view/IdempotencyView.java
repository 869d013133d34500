// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.pki.Digest;
import io.sgcsign.server.ledger.Answer;
import io.sgcsign.server.ledger.Recorded;
import io.sgcsign.server.ledger.Rows;
import io.sgcsign.server.ledger.View;
import io.sgcsign.server.ledger.event.IdempotencyClaim;
import io.sgcsign.server.ledger.event.SignatureCompleted;
import io.sgcsign.server.ledger.event.SignatureEnd;
import io.sgcsign.server.ledger.event.SignatureIntended;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which Idempotency-Keys are taken, and by which intent. Rows expire by the time of later events,
 * so that a rebuild forgets exactly what the live view forgot.
 */
public final class IdempotencyView implements View {
  private static final String CLAIMS = "idempotency";
  private static final String BY_INTENT = "idempotency_by_intent";
  private static final String EXPIRY = "idempotency_expiry";

  /** Expired rows removed with each new one: more than one, so that none stay for ever. */
  private static final int PURGE = 4;

  @Override
  public String name() {
    return "idempotency";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<String> tables() {
    return List.of(CLAIMS, BY_INTENT, EXPIRY);
  }

  /** What became of a claim. */
  enum State {
    /** Its intent is open. */
    OPEN,
    /** Its intent ended with a signature. */
    DONE,
    /** Its intent ended without one; the key may be used again. */
    FREE
  }

  /**
   * A taken key.
   *
   * @param end the seq of the event that ended the intent
   * @param expires when it is forgotten; an open one never is
   */
  record Claim(
      State state, Digest fingerprint, long intent, Optional<Long> end, Optional<Instant> expires) {

    static Claim read(Json.Obj row) {
      return new Claim(
          State.valueOf(row.text("state")),
          Digest.parse(row.text("fingerprint")),
          row.number("intent"),
          row.findNumber("end"),
          row.findText("expires").map(Instant::parse));
    }

    Json.Obj toJson() {
      return Json.object()
          .put("state", state.name())
          .put("fingerprint", fingerprint.toString())
          .put("intent", intent)
          .putIfPresent("end", end)
          .putIfPresent("expires", expires.map(Leaf::format))
          .build();
    }

    Claim ended(State how, long seq, Instant time) {
      return new Claim(
          how, fingerprint, intent, Optional.of(seq), Optional.of(time.plus(Answer.KEPT)));
    }
  }

  /** The claim of a key, unless there is none or it has expired. */
  static Optional<Claim> find(Rows rows, IdempotencyClaim claim, Instant now) {
    return rows.json(CLAIMS, key(claim))
        .map(Claim::read)
        .filter(found -> found.expires().filter(end -> !end.isAfter(now)).isEmpty());
  }

  private static String key(IdempotencyClaim claim) {
    return claim.key().value().toHex();
  }

  @Override
  public void fold(Recorded recorded, Rows.Mutable rows) {
    switch (recorded.event()) {
      case SignatureIntended intended ->
          intended.idempotency().ifPresent(claim -> take(recorded, claim, rows));
      case SignatureEnd end -> end.intents().forEach(seq -> end(recorded, end, seq, rows));
      default -> {
        // takes and frees no key
      }
    }
  }

  private static void take(Recorded recorded, IdempotencyClaim claim, Rows.Mutable rows) {
    purge(recorded.time(), rows);
    String key = key(claim);
    rows.json(CLAIMS, key).map(Claim::read).ifPresent(old -> forget(key, old, rows));
    var taken =
        new Claim(
            State.OPEN, claim.fingerprint(), recorded.seq(), Optional.empty(), Optional.empty());
    rows.put(CLAIMS, key, taken.toJson());
    rows.put(BY_INTENT, Keys.seq(recorded.seq()), Json.object().put("key", key).build());
  }

  private static void forget(String key, Claim claim, Rows.Mutable rows) {
    rows.delete(BY_INTENT, Keys.seq(claim.intent()));
    claim.expires().ifPresent(expires -> rows.delete(EXPIRY, expiryKey(expires, key)));
    rows.delete(CLAIMS, key);
  }

  private static void end(Recorded recorded, SignatureEnd end, long intent, Rows.Mutable rows) {
    var key = rows.json(BY_INTENT, Keys.seq(intent)).map(row -> row.text("key"));
    if (key.isEmpty()) {
      return;
    }
    rows.delete(BY_INTENT, Keys.seq(intent));
    var state = end instanceof SignatureCompleted ? State.DONE : State.FREE;
    rows.json(CLAIMS, key.get())
        .map(Claim::read)
        .map(claim -> claim.ended(state, recorded.seq(), recorded.time()))
        .ifPresent(claim -> {
          rows.put(CLAIMS, key.get(), claim.toJson());
          claim
              .expires()
              .ifPresent(
                  expires -> rows.put(EXPIRY, expiryKey(expires, key.get()), Json.Obj.EMPTY));
        });
  }

  private static void purge(Instant now, Rows.Mutable rows) {
    for (var row : rows.range(EXPIRY, "", Leaf.format(now), Rows.Order.ASCENDING, PURGE)) {
      String key = row.key().substring(row.key().indexOf('/') + 1);
      rows.delete(EXPIRY, row.key());
      rows.delete(CLAIMS, key);
    }
  }

  private static String expiryKey(Instant expires, String key) {
    return Leaf.format(expires) + "/" + key;
  }
}
