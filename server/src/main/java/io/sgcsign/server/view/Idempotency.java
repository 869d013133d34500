// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.server.ledger.Decision;
import io.sgcsign.server.ledger.Entry;
import io.sgcsign.server.ledger.Rows;
import io.sgcsign.server.ledger.event.SignatureIntended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sees to it that one Idempotency-Key leads to one signature. */
public final class Idempotency {
  private Idempotency() {}

  /** Why an intent must not be made. */
  public sealed interface Refusal {}

  /** The first request with this key is still running. */
  public record InProgress(long intent) implements Refusal {}

  /** It is done: the answer is {@code ledger.answer(intent)}. */
  public record Done(long intent, long completed) implements Refusal {}

  /** The key belongs to a request for something else. */
  public record OtherRequest(long intent) implements Refusal {}

  /**
   * Appends the entries if the keys of all intents among them are free. An intent that takes over
   * the key of one that ended without a signature names it. Give a key to one intent only.
   */
  public static Decision<Refusal> claim(List<Entry> entries) {
    return (rows, now) -> {
      var claimed = new ArrayList<Entry>(entries.size());
      for (var entry : entries) {
        if (entry.event() instanceof SignatureIntended intended) {
          var refusal = refusal(intended, rows, now);
          if (refusal.isPresent()) {
            return new Decision.Refuse<>(refusal.get());
          }
          claimed.add(entry.with(replacing(intended, rows, now)));
        } else {
          claimed.add(entry);
        }
      }
      return new Decision.Append<>(claimed);
    };
  }

  private static Optional<Refusal> refusal(SignatureIntended intended, Rows rows, Instant now) {
    return claimOf(intended, rows, now)
        .filter(claim -> claim.state() != IdempotencyView.State.FREE)
        .map(claim -> {
          var wanted = intended.idempotency().map(c -> c.fingerprint());
          if (!wanted.equals(Optional.of(claim.claim().fingerprint()))) {
            return new OtherRequest(claim.intent());
          }
          return claim
              .end()
              .<Refusal>map(end -> new Done(claim.intent(), end))
              .orElseGet(() -> new InProgress(claim.intent()));
        });
  }

  private static SignatureIntended replacing(SignatureIntended intended, Rows rows, Instant now) {
    return claimOf(intended, rows, now)
        .map(claim -> intended.replacing(Optional.of(claim.intent())))
        .orElse(intended);
  }

  private static Optional<IdempotencyView.Claim> claimOf(
      SignatureIntended intended, Rows rows, Instant now) {
    return intended.idempotency().flatMap(c -> IdempotencyView.find(rows, c, now));
  }
}
