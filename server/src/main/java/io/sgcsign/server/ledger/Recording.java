// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.server.ledger.event.EventReader;
import io.sgcsign.server.ledger.event.Parts;
import java.util.Optional;

/** Turns stored events back into what views and readers understand. */
final class Recording {
  private Recording() {}

  /** The event of stored bytes; a pruned detail reads as empty. */
  static Recorded read(StoredEvent stored) {
    var leaf = Leaf.parse(stored.body());
    var parts = new Parts(leaf.pub(), json(stored.state()), json(stored.personal()));
    var event = EventReader.read(leaf.type(), parts);
    return new Recorded(leaf.seq(), leaf.time(), leaf.node(), leaf.by(), leaf.request(), event);
  }

  private static Json.Obj json(Optional<StoredEvent.Detail> detail) {
    return detail.map(StoredEvent.Detail::body).map(Recording::object).orElse(Json.Obj.EMPTY);
  }

  private static Json.Obj object(Bytes body) {
    return Json.readObject(body);
  }
}
