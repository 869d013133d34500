// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import java.time.Instant;
import java.util.List;

/**
 * An API key. Its HMAC is a secret of the same entry.
 *
 * @param id never reused
 * @param name what people call it
 * @param providers it may sign with; empty: all
 * @param formats it may sign; empty: all
 * @param scopes what it may do
 * @param createdBy the user
 */
public record KeyCreated(
    String id,
    String name,
    List<String> providers,
    List<String> formats,
    List<String> scopes,
    Instant expiresAt,
    String createdBy)
    implements Event {
  static final String TYPE = "key.created";

  public KeyCreated {
    providers = List.copyOf(providers);
    formats = List.copyOf(formats);
    scopes = List.copyOf(scopes);
  }

  static KeyCreated read(Parts parts) {
    var pub = parts.pub();
    return new KeyCreated(
        pub.text("id"),
        parts.state().text("name"),
        pub.texts("providers"),
        pub.texts("formats"),
        pub.texts("scopes"),
        Instant.parse(pub.text("expires_at")),
        pub.text("created_by"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    var pub =
        Json.object()
            .put("id", id)
            .put("providers", providers)
            .put("formats", formats)
            .put("scopes", scopes)
            .put("expires_at", Leaf.format(expiresAt))
            .put("created_by", createdBy);
    return Parts.of(pub, Json.object().put("name", name), Json.object());
  }
}
