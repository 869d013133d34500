// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import java.util.Optional;

/** An API key that is good for nothing from now on. */
public record KeyRevoked(String id, Optional<String> reason) implements Event {
  static final String TYPE = "key.revoked";

  static KeyRevoked read(Parts parts) {
    return new KeyRevoked(parts.pub().text("id"), parts.personal().findText("reason"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(
        Json.object().put("id", id), Json.object(), Json.object().putIfPresent("reason", reason));
  }
}
