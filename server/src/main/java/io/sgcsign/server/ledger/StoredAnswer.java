// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import io.sgcsign.pki.Digest;

/**
 * An answer and how long it is kept.
 *
 * @param seq the event that stored it and bears its digest
 * @param expires RFC 3339 in microseconds, so that text order is time order
 */
public record StoredAnswer(long intent, long seq, String expires, Bytes info, Bytes block) {

  /** What the leaf commits to. */
  Digest digest() {
    var content =
        Json.object()
            .put("block", Digest.sha256(block).toString())
            .put("expires", expires)
            .put("info", Digest.sha256(info).toString())
            .put("seq", seq)
            .build();
    return Digest.sha256(content.canonical());
  }
}
