// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * Decides inside the writer's transaction what to append, or why nothing: {@code decide(state) →
 * events}. A pure function of its arguments; it may be asked twice.
 *
 * @param <R> why not
 */
@FunctionalInterface
public interface Decision<R> {

  Verdict<R> decide(Rows rows, Instant now);

  /** Judges {@code condition} first. */
  default Decision<R> onlyIf(Condition<R> condition) {
    return (rows, now) ->
        condition.refuse(rows, now).<Verdict<R>>map(Refuse::new).orElseGet(() -> decide(rows, now));
  }

  /** Judges {@code condition} last, when everything else speaks for appending. */
  default Decision<R> butOnlyIf(Condition<R> condition) {
    return (rows, now) ->
        switch (decide(rows, now)) {
          case Refuse<R> refuse -> refuse;
          case Append<R> append ->
              condition.refuse(rows, now).<Verdict<R>>map(Refuse::new).orElse(append);
        };
  }

  default <S> Decision<S> mapRefusal(Function<R, S> reason) {
    return (rows, now) ->
        switch (decide(rows, now)) {
          case Append<R> append -> new Append<>(append.entries());
          case Refuse<R> refuse -> new Refuse<>(reason.apply(refuse.reason()));
        };
  }

  /** Append these, or nothing for this reason. */
  sealed interface Verdict<R> {}

  /** Append these entries, in this order. */
  record Append<R>(List<Entry> entries) implements Verdict<R> {
    public Append {
      entries = List.copyOf(entries);
    }
  }

  /** Append nothing. */
  record Refuse<R>(R reason) implements Verdict<R> {}
}
