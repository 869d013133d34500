// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;

/**
 * The personal details of all events before {@code before} were deleted. The leaves stay, and with
 * them every proof.
 *
 * @param before a seq; everything earlier has lost its personal details
 * @param days the retention that was configured
 */
public record LogPruned(long before, int days) implements Event {
  static final String TYPE = "log.pruned";

  static LogPruned read(Parts parts) {
    return new LogPruned(parts.pub().number("before"), Math.toIntExact(parts.pub().number("days")));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(Json.object().put("before", before).put("days", days));
  }
}
