// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayOutputStream;

/** Leaves of one level-0 tile, each after its length in 16 bits (C2SP tlog-tiles). */
final class EntryBundle {
  private EntryBundle() {}

  static Bytes of(Snapshot snapshot, Tiles tiles, long index) {
    long from = index * Tiles.WIDTH;
    var out = new ByteArrayOutputStream();
    snapshot.events(
        from,
        from + tiles.width(0, index),
        event -> {
          int size = event.body().size();
          out.write(size >> 8);
          out.write(size);
          out.writeBytes(event.body().toArray());
        });
    return Bytes.wrap(out.toByteArray());
  }
}
