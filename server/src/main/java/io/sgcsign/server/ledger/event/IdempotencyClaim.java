// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import io.sgcsign.pki.Digest;

/**
 * The Idempotency-Key an intent was made under. Only digests are kept, the header's text is the
 * caller's.
 *
 * @param key names principal and key
 * @param fingerprint names what was asked for
 */
public record IdempotencyClaim(Digest key, Digest fingerprint) {

  public static IdempotencyClaim of(String principal, String key, Digest fingerprint) {
    var scoped = Json.object().put("principal", principal).put("key", key).build();
    return new IdempotencyClaim(Digest.sha256(scoped.canonical()), fingerprint);
  }

  /** A claim whose fingerprint is the digest of {@code request}. */
  public static IdempotencyClaim of(String principal, String key, Bytes request) {
    return of(principal, key, Digest.sha256(request));
  }

  static IdempotencyClaim read(Json.Obj json) {
    return new IdempotencyClaim(
        Digest.parse(json.text("key")), Digest.parse(json.text("fingerprint")));
  }

  Json.Obj toJson() {
    return Json.object()
        .put("key", key.toString())
        .put("fingerprint", fingerprint.toString())
        .build();
  }
}
