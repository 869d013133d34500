// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What must hold at the moment of appending. A pure function of view rows; the writer judges it
 * inside its transaction, so nothing can change between the judgement and the commit.
 *
 * @param <R> why not
 */
@FunctionalInterface
public interface Condition<R> {

  /** Why the entries must not be appended; empty: they may. */
  Optional<R> refuse(Rows rows, Instant now);

  static <R> Condition<R> none() {
    return (_, _) -> Optional.empty();
  }

  /** This condition, then the other. */
  default Condition<R> and(Condition<R> other) {
    return (rows, now) -> refuse(rows, now).or(() -> other.refuse(rows, now));
  }

  default <S> Condition<S> map(Function<R, S> reason) {
    return (rows, now) -> refuse(rows, now).map(reason);
  }

  /** Appends the entries if the condition holds. */
  default Decision<R> then(List<Entry> entries) {
    return (rows, now) ->
        refuse(rows, now)
            .<Decision.Verdict<R>>map(Decision.Refuse::new)
            .orElseGet(() -> new Decision.Append<>(entries));
  }
}
