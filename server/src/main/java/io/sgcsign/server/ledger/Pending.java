// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.server.ledger.event.SignatureFailed;
import io.sgcsign.server.ledger.event.SignatureIntended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A caller's decision, the caller waiting for its outcome. */
final class Pending<R> {
  private final Decision<R> decision;
  private final CompletableFuture<Appended<R>> done = new CompletableFuture<>();
  private List<Entry> entries = List.of();
  private @Nullable Appended<R> outcome;

  Pending(Decision<R> decision) {
    this.decision = decision;
  }

  /** The caller waits no longer. */
  boolean given() {
    return done.isDone();
  }

  /** Called by the writer, inside the transaction. */
  void decide(LogTransaction transaction) {
    outcome =
        switch (decision.decide(transaction.rows(), transaction.now())) {
          case Decision.Append<R> append -> {
            entries = append.entries();
            yield new Appended.Committed<>(transaction.append(entries), transaction.now());
          }
          case Decision.Refuse<R> refuse -> new Appended.Refused<>(refuse.reason());
        };
  }

  /**
   * Called by the writer after the commit. If the caller has gone it will not use a key: returns
   * what closes its intents.
   */
  List<Entry> deliver() {
    if (outcome == null || done.complete(outcome)) {
      return List.of();
    }
    return outcome instanceof Appended.Committed<R> committed
        ? closing(committed.seqs())
        : List.of();
  }

  private List<Entry> closing(List<Long> seqs) {
    var closing = new ArrayList<Entry>();
    for (int i = 0; i < entries.size(); i++) {
      var entry = entries.get(i);
      if (entry.event() instanceof SignatureIntended) {
        var failed =
            new SignatureFailed(
                List.of(seqs.get(i)),
                "SGC-LEDGER-UNAVAILABLE",
                Optional.of("The caller had stopped waiting for the ledger"));
        closing.add(entry.with(failed));
      }
    }
    return closing;
  }

  void fail(RuntimeException reason) {
    done.completeExceptionally(reason);
  }

  /**
   * Waits for the outcome.
   *
   * @throws LedgerUnavailableException if there is none in time
   */
  Appended<R> await(Duration deadline) {
    try {
      return done.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return giveUp("The ledger did not answer within " + deadline.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return giveUp("Interrupted while waiting for the ledger", e);
    } catch (ExecutionException e) {
      throw rethrow(e.getCause());
    }
  }

  private static RuntimeException rethrow(@Nullable Throwable cause) {
    return switch (cause) {
      case LedgerUnavailableException e -> new LedgerUnavailableException(message(e), e);
      case RuntimeException e -> e;
      case null, default -> new IllegalStateException(cause);
    };
  }

  private static String message(LedgerUnavailableException e) {
    return String.valueOf(e.getMessage());
  }

  /** The outcome may have come at the last moment; then it counts. */
  private Appended<R> giveUp(String reason, Exception cause) {
    var unavailable = new LedgerUnavailableException(reason, cause);
    if (done.completeExceptionally(unavailable)) {
      throw unavailable;
    }
    return done.resultNow();
  }
}
