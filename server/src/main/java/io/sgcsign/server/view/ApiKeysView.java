// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.server.ledger.Condition;
import io.sgcsign.server.ledger.Recorded;
import io.sgcsign.server.ledger.Rows;
import io.sgcsign.server.ledger.View;
import io.sgcsign.server.ledger.event.KeyCreated;
import io.sgcsign.server.ledger.event.KeyRevoked;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The API keys, the revoked ones too. */
public final class ApiKeysView implements View {
  private static final String KEYS = "api_keys";
  private static final String BY_TIME = "api_keys_by_time";

  @Override
  public String name() {
    return "api_keys";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<String> tables() {
    return List.of(KEYS, BY_TIME);
  }

  @Override
  public void fold(Recorded recorded, Rows.Mutable rows) {
    switch (recorded.event()) {
      case KeyCreated key -> created(recorded, key, rows);
      case KeyRevoked key -> revoked(recorded, key, rows);
      default -> {
        // not about keys
      }
    }
  }

  private static void created(Recorded recorded, KeyCreated key, Rows.Mutable rows) {
    var row =
        Json.object()
            .put("name", key.name())
            .put("providers", key.providers())
            .put("formats", key.formats())
            .put("scopes", key.scopes())
            .put("expires_at", Leaf.format(key.expiresAt()))
            .put("created_by", key.createdBy())
            .put("created_at", Leaf.format(recorded.time()))
            .build();
    rows.put(KEYS, key.id(), row);
    rows.put(BY_TIME, Keys.seq(recorded.seq()), Json.object().put("id", key.id()).build());
  }

  private static void revoked(Recorded recorded, KeyRevoked key, Rows.Mutable rows) {
    rows.json(KEYS, key.id())
        .filter(row -> row.find("revoked_at").isEmpty())
        .map(row -> row.change().put("revoked_at", Leaf.format(recorded.time())).build())
        .ifPresent(row -> rows.put(KEYS, key.id(), row));
  }

  public static Optional<ApiKey> find(Rows rows, String id) {
    return rows.json(KEYS, id).map(row -> read(id, row));
  }

  /** At most {@code limit} keys, the newest first, older than {@code cursor} if it is given. */
  public static Page<ApiKey> list(Rows rows, Optional<String> cursor, int limit) {
    var index = rows.range(BY_TIME, "", cursor.orElse(Keys.END), Rows.Order.DESCENDING, limit);
    var keys = index.stream().flatMap(row -> find(rows, row.json().text("id")).stream()).toList();
    return new Page<>(
        keys, index.size() == limit ? Optional.of(index.getLast().key()) : Optional.empty());
  }

  /** Why an API key is no good. */
  public enum Unusable {
    UNKNOWN,
    REVOKED,
    EXPIRED
  }

  /** The key is there, not revoked and not expired at the moment of appending. */
  public static Condition<Unusable> usable(String id) {
    return (rows, now) -> {
      var key = rows.json(KEYS, id);
      if (key.isEmpty()) {
        return Optional.of(Unusable.UNKNOWN);
      }
      if (key.get().find("revoked_at").isPresent()) {
        return Optional.of(Unusable.REVOKED);
      }
      // only what is asked is read: this runs for every signature
      boolean alive = now.isBefore(Instant.parse(key.get().text("expires_at")));
      return alive ? Optional.empty() : Optional.of(Unusable.EXPIRED);
    };
  }

  private static ApiKey read(String id, Json.Obj row) {
    return new ApiKey(
        id,
        row.text("name"),
        row.texts("providers"),
        row.texts("formats"),
        row.texts("scopes"),
        Instant.parse(row.text("expires_at")),
        row.text("created_by"),
        Instant.parse(row.text("created_at")),
        row.findText("revoked_at").map(Instant::parse));
  }
}
