// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.server.ledger.Recorded;
import io.sgcsign.server.ledger.Rows;
import io.sgcsign.server.ledger.View;
import io.sgcsign.server.ledger.event.UserCreated;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who may log in. */
public final class UsersView implements View {
  private static final String USERS = "users";
  private static final String NAMES = "user_names";

  @Override
  public String name() {
    return "users";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<String> tables() {
    return List.of(USERS, NAMES);
  }

  @Override
  public void fold(Recorded recorded, Rows.Mutable rows) {
    if (recorded.event() instanceof UserCreated user) {
      var row =
          Json.object()
              .put("name", user.name())
              .put("role", user.role())
              .put("created_at", Leaf.format(recorded.time()))
              .build();
      rows.put(USERS, user.id(), row);
      rows.put(NAMES, user.name(), Json.object().put("id", user.id()).build());
    }
  }

  public static Optional<User> find(Rows rows, String id) {
    return rows.json(USERS, id)
        .map(row ->
            new User(
                id, row.text("name"), row.text("role"), Instant.parse(row.text("created_at"))));
  }

  public static Optional<User> named(Rows rows, String name) {
    return rows.json(NAMES, name).flatMap(row -> find(rows, row.text("id")));
  }

  /** Whether nobody may log in yet. */
  public static boolean none(Rows rows) {
    return rows.range(USERS, "", Keys.END, Rows.Order.ASCENDING, 1).isEmpty();
  }
}
