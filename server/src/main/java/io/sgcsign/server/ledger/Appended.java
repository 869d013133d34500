// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.time.Instant;
import java.util.List;

/**
 * How an append ended: durable, or refused by its condition.
 *
 * @param <R> why not
 */
public sealed interface Appended<R> {

  /** On disk, each entry with its log index. */
  record Committed<R>(List<Long> seqs, Instant time) implements Appended<R> {
    public Committed {
      seqs = List.copyOf(seqs);
    }

    public long first() {
      return seqs.getFirst();
    }
  }

  /** Nothing was appended. */
  record Refused<R>(R reason) implements Appended<R> {}
}
