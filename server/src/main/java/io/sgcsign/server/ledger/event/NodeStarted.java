// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;

/**
 * A server took up its work.
 *
 * @param boot names this run of the node
 * @param version of the software
 */
public record NodeStarted(String boot, String version) implements Event {
  static final String TYPE = "node.started";

  static NodeStarted read(Parts parts) {
    return new NodeStarted(parts.pub().text("boot"), parts.pub().text("version"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(Json.object().put("boot", boot).put("version", version));
  }
}
