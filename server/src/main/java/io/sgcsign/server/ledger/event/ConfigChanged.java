// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import io.sgcsign.pki.Digest;
import java.util.Optional;

/** The server runs under a configuration with another digest than before. */
public record ConfigChanged(Optional<Digest> before, Digest after) implements Event {
  static final String TYPE = "config.changed";

  static ConfigChanged read(Parts parts) {
    return new ConfigChanged(
        parts.pub().findText("before").map(Digest::parse), Digest.parse(parts.pub().text("after")));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(Json.object().putIfPresent("before", before).put("after", after.toString()));
  }
}
