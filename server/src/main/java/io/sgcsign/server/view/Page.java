// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list, the newest first.
 *
 * @param cursor where the next page begins; empty: this was the last
 */
public record Page<T>(List<T> items, Optional<String> cursor) {
  public Page {
    items = List.copyOf(items);
  }
}
