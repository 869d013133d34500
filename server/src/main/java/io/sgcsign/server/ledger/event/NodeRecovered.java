// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;

/**
 * A server closed what its earlier run left open.
 *
 * @param boot the run that recovers
 * @param intents how many intents it closed as indeterminate
 */
public record NodeRecovered(String boot, long intents) implements Event {
  static final String TYPE = "node.recovered";

  static NodeRecovered read(Parts parts) {
    return new NodeRecovered(parts.pub().text("boot"), parts.pub().number("intents"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(Json.object().put("boot", boot).put("intents", intents));
  }
}
