// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The log and what belongs to it, at one moment. */
public interface Snapshot {

  Rows rows();

  Secrets secrets();

  /** The stored {@link io.sgcsign.log.Frontier}. */
  Bytes frontier();

  Optional<StoredEvent> event(long seq);

  /** Passes on the events with {@code from <= seq < to}, ascending, with their details. */
  void events(long from, long to, Consumer<StoredEvent> consumer);

  /** The leaf hashes with {@code from <= seq < to}, ascending. */
  List<Bytes> leafHashes(long from, long to);

  /** Whether an event before {@code seq} still has its personal detail. */
  boolean personalBefore(long seq);

  Optional<Bytes> tile(int level, long index);

  Optional<StoredAnswer> answer(long intent);

  /** Passes on everything beside the events, for an audit. */
  void audit(AuditReader reader);

  /** Passes on the rows of one view, ascending. */
  void scan(String view, Consumer<Rows.Row> consumer);

  /** Receives everything that hangs on events. */
  interface AuditReader {
    void tile(int level, long index, Bytes hashes);

    void secret(StoredSecret secret);

    void answer(StoredAnswer answer);

    /** How many details there are, whether their events exist or not. */
    void detailCount(long count);

    /** The name of a view that has rows. */
    void view(String name);
  }
}
