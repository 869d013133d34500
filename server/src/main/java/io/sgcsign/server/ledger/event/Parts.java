// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import io.sgcsign.log.ProofException;

/**
 * An event in three parts of different lives.
 *
 * @param pub in the leaf, for ever
 * @param state what views need; kept as long as its entity lives, only committed to by the leaf
 * @param personal names, addresses, reasons; pruned after the retention period, only committed to
 */
public record Parts(Json.Obj pub, Json.Obj state, Json.Obj personal) {

  static Parts of(Json.Builder pub) {
    return of(pub, Json.object(), Json.object());
  }

  static Parts of(Json.Builder pub, Json.Builder state, Json.Builder personal) {
    return new Parts(pub.build(), state.build(), personal.build());
  }

  /** Refuses a value that no version of this software wrote. */
  static ProofException unknown(String what, String value) {
    return new ProofException("Unknown " + what + ": " + value);
  }
}
