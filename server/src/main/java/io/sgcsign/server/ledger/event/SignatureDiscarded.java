// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import java.util.List;
import java.util.Optional;

/**
 * The key was used, but the signature was thrown away and never left the server.
 *
 * @param intents which intents this closes, by seq
 * @param code the problem's code
 */
public record SignatureDiscarded(List<Long> intents, String code, Optional<String> reason)
    implements SignatureEnd {
  static final String TYPE = "signature.discarded";

  public SignatureDiscarded {
    intents = List.copyOf(intents);
  }

  static SignatureDiscarded read(Parts parts) {
    return new SignatureDiscarded(
        Intents.read(parts.pub()), parts.pub().text("code"), parts.personal().findText("reason"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(
        Json.object().put("intents", Intents.toJson(intents)).put("code", code),
        Json.object(),
        Json.object().putIfPresent("reason", reason));
  }
}
