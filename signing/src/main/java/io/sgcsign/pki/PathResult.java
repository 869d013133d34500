// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** How the search for a path from a leaf to an anchor ended. */
public sealed interface PathResult {

  /**
   * The leaf is trusted.
   *
   * @param path leaf first, anchor last; one element if the leaf is itself an anchor
   */
  record Trusted(List<X509Certificate> path) implements PathResult {
    public Trusted {
      path = List.copyOf(path);
    }

    public X509Certificate anchor() {
      return path.getLast();
    }

    /** Whether every certificate of the path is in its life at {@code time}. */
    public boolean covers(Instant time) {
      return path.stream().allMatch(c -> PathBuilder.lives(c, time));
    }
  }

  /** No chain of signatures leads to an anchor. */
  record NoPath(String reason) implements PathResult {}

  /** There is a path, but a certificate on it was not in its life at the time asked about. */
  record OutsideValidity(String reason) implements PathResult {}

  /** There is a path, but it breaks a rule of RFC 5280 §6: constraints, key usage, weak keys. */
  record Unfit(String reason) implements PathResult {}
}
