// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;

/** A server ended its work in order. */
public record NodeStopped(String boot) implements Event {
  static final String TYPE = "node.stopped";

  static NodeStopped read(Parts parts) {
    return new NodeStopped(parts.pub().text("boot"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(Json.object().put("boot", boot));
  }
}
