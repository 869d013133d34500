// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.server.ledger.View;
import java.util.List;

/** Every view of the server. A new one is a new line here. */
public final class Views {
  private Views() {}

  public static List<View> all() {
    return List.of(
        new UsersView(),
        new ApiKeysView(),
        new RequestsView(),
        new SignaturesView(),
        new OpenIntentsView(),
        new IdempotencyView());
  }
}
