// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import java.util.List;

/**
 * An intent whose end nobody knows, because the server ended before. It counts as a use of the key.
 */
public record SignatureIndeterminate(long intent) implements SignatureEnd {
  static final String TYPE = "signature.indeterminate";

  static SignatureIndeterminate read(Parts parts) {
    return new SignatureIndeterminate(parts.pub().number("intent"));
  }

  @Override
  public List<Long> intents() {
    return List.of(intent);
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(Json.object().put("intent", intent));
  }
}
