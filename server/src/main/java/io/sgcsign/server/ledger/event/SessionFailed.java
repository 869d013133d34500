// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import java.util.Optional;

/**
 * Someone presented a wrong credential.
 *
 * @param credential what kind: {@code password}, {@code api_key}
 * @param code the problem's code
 * @param claimed the name that was tried
 */
public record SessionFailed(
    String credential, String code, Optional<String> claimed, Optional<String> peer)
    implements Event {
  static final String TYPE = "session.failed";

  static SessionFailed read(Parts parts) {
    return new SessionFailed(
        parts.pub().text("credential"),
        parts.pub().text("code"),
        parts.personal().findText("claimed"),
        parts.personal().findText("peer"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(
        Json.object().put("credential", credential).put("code", code),
        Json.object(),
        Json.object().putIfPresent("claimed", claimed).putIfPresent("peer", peer));
  }
}
