// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.bytes.Bytes;
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
 * Which Idempotency-Keys are taken, and by which intent. The rows of claims are ordered by intent,
 * where writing is cheap; only a small row a key lies where chance puts it. Claims expire by the
 * time of later events, so that a rebuild forgets exactly what the live view forgot.
 */
public final class IdempotencyView implements View {
  private static final String CLAIMS = "idempotency";
  private static final String KEYS = "idempotency_keys";

  /** Expired claims are looked for at every so many-th event. */
  private static final int PURGE_EVERY = 64;

  /** Rows looked at at once; mostly the first is not expired and ends the search. */
  private static final int PURGE_CHUNK = 4;

  /**
   * Rows looked at in one search: open claims, which never expire, may stand before expired ones.
   */
  private static final int PURGE_LIMIT = 1_024;

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
    return List.of(CLAIMS, KEYS);
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
      IdempotencyClaim claim,
      long intent,
      State state,
      Optional<Long> end,
      Optional<Instant> expires) {

    static Claim read(long intent, Json.Obj row) {
      var claim =
          new IdempotencyClaim(
              Digest.parse(row.text("key")), Digest.parse(row.text("fingerprint")));
      return new Claim(
          claim,
          intent,
          State.valueOf(row.text("state")),
          row.findNumber("end"),
          row.findText("expires").map(Instant::parse));
    }

    Json.Obj toJson() {
      return Json.object()
          .put("key", claim.key().toString())
          .put("fingerprint", claim.fingerprint().toString())
          .put("state", state.name())
          .putIfPresent("end", end)
          .putIfPresent("expires", expires.map(Leaf::format))
          .build();
    }

    Claim ended(State how, long seq, Instant time) {
      return new Claim(claim, intent, how, Optional.of(seq), Optional.of(time.plus(Answer.KEPT)));
    }

    boolean expiredAt(Instant now) {
      return expires.isPresent() && !expires.get().isAfter(now);
    }
  }

  /** The claim that holds a key, unless there is none or it has expired. */
  static Optional<Claim> find(Rows rows, IdempotencyClaim wanted, Instant now) {
    return rows.get(KEYS, key(wanted))
        .flatMap(row -> claim(rows, Keys.seq(row.toUtf8())))
        .filter(found -> found.claim().key().equals(wanted.key()) && !found.expiredAt(now));
  }

  private static Optional<Claim> claim(Rows rows, long intent) {
    return rows.json(CLAIMS, Keys.seq(intent)).map(row -> Claim.read(intent, row));
  }

  private static String key(IdempotencyClaim claim) {
    return Keys.shorten(claim.key());
  }

  @Override
  public void fold(Recorded recorded, Rows.Mutable rows) {
    if (recorded.seq() % PURGE_EVERY == 0) {
      purge(recorded.time(), rows);
    }
    switch (recorded.event()) {
      case SignatureIntended intended ->
          intended.idempotency().ifPresent(claim -> take(recorded.seq(), claim, rows));
      case SignatureEnd end -> end.intents().forEach(intent -> end(recorded, end, intent, rows));
      default -> {
        // takes and frees no key
      }
    }
  }

  private static void take(long intent, IdempotencyClaim claim, Rows.Mutable rows) {
    var taken = new Claim(claim, intent, State.OPEN, Optional.empty(), Optional.empty());
    rows.put(CLAIMS, Keys.seq(intent), taken.toJson());
    rows.put(KEYS, key(claim), Bytes.utf8(Keys.seq(intent)));
  }

  private static void end(Recorded recorded, SignatureEnd end, long intent, Rows.Mutable rows) {
    var state = end instanceof SignatureCompleted ? State.DONE : State.FREE;
    claim(rows, intent)
        .map(claim -> claim.ended(state, recorded.seq(), recorded.time()))
        .ifPresent(claim -> rows.put(CLAIMS, Keys.seq(intent), claim.toJson()));
  }

  /**
   * Claims end roughly in the order they begin: the first that is ended and alive ends the search.
   */
  private static void purge(Instant now, Rows.Mutable rows) {
    String from = "";
    for (int looked = 0; looked < PURGE_LIMIT; looked += PURGE_CHUNK) {
      var chunk = rows.range(CLAIMS, from, Keys.END, Rows.Order.ASCENDING, PURGE_CHUNK);
      for (var row : chunk) {
        var claim = Claim.read(Keys.seq(row.key()), row.json());
        if (claim.expiredAt(now)) {
          forget(row.key(), claim, rows);
        } else if (claim.state() != State.OPEN) {
          return;
        }
      }
      if (chunk.size() < PURGE_CHUNK) {
        return;
      }
      from = Keys.after(chunk.getLast().key());
    }
  }

  private static void forget(String row, Claim claim, Rows.Mutable rows) {
    rows.delete(CLAIMS, row);
    boolean stillItsOwn =
        rows.get(KEYS, key(claim.claim())).filter(Bytes.utf8(row)::equals).isPresent();
    if (stillItsOwn) {
      rows.delete(KEYS, key(claim.claim()));
    }
  }
}
