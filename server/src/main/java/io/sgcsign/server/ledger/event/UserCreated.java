// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;

/**
 * An account for a person. Its password's hash is a secret of the same entry.
 *
 * @param id never reused
 * @param name what the person types to log in
 * @param role what the account may do
 */
public record UserCreated(String id, String name, String role) implements Event {
  static final String TYPE = "user.created";

  static UserCreated read(Parts parts) {
    return new UserCreated(
        parts.pub().text("id"), parts.state().text("name"), parts.pub().text("role"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(
        Json.object().put("id", id).put("role", role),
        Json.object().put("name", name),
        Json.object());
  }
}
