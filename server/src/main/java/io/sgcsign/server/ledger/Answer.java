// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import java.time.Duration;

/**
 * What a repeated request gets instead of a second signature.
 *
 * @param intent the intent it answers
 * @param info what else the answer said
 * @param block the signature block; its digest is in {@code signature.completed}
 */
public record Answer(long intent, Json.Obj info, Bytes block) {
  /** How long a repeated request gets the first one's answer. */
  public static final Duration KEPT = Duration.ofHours(24);
}
