// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.guard;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map of the most recent peers; the oldest is forgotten, so that a flood cannot fill the heap.
 */
final class RecentPeers<V> extends LinkedHashMap<PeerKey, V> {
  @java.io.Serial private static final long serialVersionUID = 1;

  /** About 10 MiB at most. */
  private static final int LIMIT = 50_000;

  RecentPeers() {
    super(16, 0.75f, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<PeerKey, V> eldest) {
    return size() > LIMIT;
  }
}
