// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import java.util.List;

/**
 * The first event of every log.
 *
 * @param origin of all its checkpoints
 * @param verifierKeys the vkeys (C2SP signed-note) its checkpoints are signed with
 */
public record LogCreated(String origin, List<String> verifierKeys) implements Event {
  static final String TYPE = "log.created";

  public LogCreated {
    verifierKeys = List.copyOf(verifierKeys);
  }

  static LogCreated read(Parts parts) {
    return new LogCreated(parts.pub().text("origin"), parts.pub().texts("vkeys"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(Json.object().put("origin", origin).put("vkeys", verifierKeys));
  }
}
