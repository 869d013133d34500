// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import java.util.Optional;

/** Someone logged in. */
public record SessionLogin(String user, Optional<String> peer) implements Event {
  static final String TYPE = "session.login";

  static SessionLogin read(Parts parts) {
    return new SessionLogin(parts.pub().text("user"), parts.personal().findText("peer"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(
        Json.object().put("user", user), Json.object(), Json.object().putIfPresent("peer", peer));
  }
}
