// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.pki.PathBuilder;
import io.sgcsign.pki.PathResult;
import io.sgcsign.pki.PathResult.Trusted;
import io.sgcsign.pki.TrustStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers trusted paths by leaf: a path found once is good at every time within the lives of all
 * its certificates. The owner throws it away when the anchors change.
 */
public final class CachedPaths implements PathFinder {
  /** Leaves kept; a server has a handful of keys and time-stamp authorities. */
  private static final int MAX_KEPT = 256;

  private final TrustStore anchors;
  private final Map<X509Certificate, Trusted> known = new ConcurrentHashMap<>();

  public CachedPaths(TrustStore anchors) {
    this.anchors = anchors;
  }

  @Override
  public PathResult find(X509Certificate leaf, List<X509Certificate> pool, Instant at) {
    Trusted path = known.get(leaf);
    if (path != null && path.covers(at)) {
      return path;
    }
    PathResult result = PathBuilder.find(leaf, pool, anchors, at);
    if (result instanceof Trusted trusted) {
      if (known.size() >= MAX_KEPT) {
        known.clear();
      }
      known.put(leaf, trusted);
    }
    return result;
  }
}
