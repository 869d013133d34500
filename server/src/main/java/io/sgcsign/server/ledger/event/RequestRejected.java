// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import java.util.Optional;

/**
 * A request that was refused before any key was used.
 *
 * @param code the problem's code
 */
public record RequestRejected(
    String code,
    Optional<String> format,
    Optional<String> provider,
    Optional<String> reason,
    Optional<String> fileName,
    Optional<String> peer)
    implements Event {
  static final String TYPE = "request.rejected";

  static RequestRejected read(Parts parts) {
    return new RequestRejected(
        parts.pub().text("code"),
        parts.pub().findText("format"),
        parts.pub().findText("provider"),
        parts.personal().findText("reason"),
        parts.personal().findText("file_name"),
        parts.personal().findText("peer"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    var pub =
        Json.object()
            .put("code", code)
            .putIfPresent("format", format)
            .putIfPresent("provider", provider);
    var personal =
        Json.object()
            .putIfPresent("reason", reason)
            .putIfPresent("file_name", fileName)
            .putIfPresent("peer", peer);
    return Parts.of(pub, Json.object(), personal);
  }
}
