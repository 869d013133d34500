// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import java.util.Optional;

/**
 * An event as it lies in the database.
 *
 * @param leafHash RFC 6962 hash of the body
 * @param body the exact bytes of the leaf
 */
public record StoredEvent(
    long seq, Bytes leafHash, Bytes body, Optional<Detail> state, Optional<Detail> personal) {

  /** What a leaf only commits to: canonical JSON and the salt of its commitment. */
  public record Detail(Bytes salt, Bytes body) {}
}
