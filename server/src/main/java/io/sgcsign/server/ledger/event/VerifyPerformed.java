// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import io.sgcsign.pki.Digest;
import java.util.Optional;

/**
 * A file was verified for someone.
 *
 * @param status the report's verdict
 */
public record VerifyPerformed(
    Digest artifact, String format, String status, Optional<String> fileName, Optional<String> peer)
    implements Event {
  static final String TYPE = "verify.performed";

  static VerifyPerformed read(Parts parts) {
    return new VerifyPerformed(
        Digest.parse(parts.pub().text("artifact")),
        parts.pub().text("format"),
        parts.pub().text("status"),
        parts.personal().findText("file_name"),
        parts.personal().findText("peer"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    return Parts.of(
        Json.object()
            .put("artifact", artifact.toString())
            .put("format", format)
            .put("status", status),
        Json.object(),
        Json.object().putIfPresent("file_name", fileName).putIfPresent("peer", peer));
  }
}
