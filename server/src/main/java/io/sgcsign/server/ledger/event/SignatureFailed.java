// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import java.util.List;
import java.util.Optional;

/**
 * The intents ended without a signature: the key or what stands before it failed.
 *
 * @param intents which intents this closes, by seq
 * @param code the problem's code
 */
public record SignatureFailed(List<Long> intents, String code, Optional<String> reason)
    implements SignatureEnd {
  static final String TYPE = "signature.failed";

  public SignatureFailed {
    intents = List.copyOf(intents);
  }

  static SignatureFailed read(Parts parts) {
    return new SignatureFailed(
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
