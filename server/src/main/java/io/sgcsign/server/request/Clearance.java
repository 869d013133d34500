// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.assembly.Stamping;
import io.sgcsign.key.SigningKey;
import io.sgcsign.signature.SigningContext;
import java.util.List;

/**
 * A permitted order: the key it may use, the frozen context and how it is stamped.
 *
 * @param warnings for people, for example that the signature ends with its certificate
 */
record Clearance(SigningKey key, SigningContext context, Stamping stamping, List<String> warnings) {
  Clearance {
    warnings = List.copyOf(warnings);
  }

  /** The warnings when this was made: an authority that gave no stamp is one more. */
  List<String> warningsFor(List<Journal.Made> made) {
    boolean unstamped =
        made.stream()
            .map(Journal.Made::assembled)
            .anyMatch(a -> a.stampable() && a.token().isEmpty());
    if (!unstamped || !warnings.isEmpty()) {
      return warnings;
    }
    return List.of(
        "no time stamp: no authority answered; the signature is good until its certificate expires"
            + " on "
            + context.chain().leaf().getNotAfter().toInstant());
  }
}
