// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.pki.PathBuilder;
import io.sgcsign.pki.PathResult;
import io.sgcsign.pki.TrustStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Looks for paths to a fixed set of anchors. Thread-safe. */
@FunctionalInterface
public interface PathFinder {
  PathResult find(X509Certificate leaf, List<X509Certificate> pool, Instant at);

  /** Searches anew each time. */
  static PathFinder to(TrustStore anchors) {
    return (leaf, pool, at) -> PathBuilder.find(leaf, pool, anchors, at);
  }
}
