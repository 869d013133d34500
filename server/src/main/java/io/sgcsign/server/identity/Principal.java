// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.identity;

import java.time.Instant;
import java.util.Set;

/** Who is calling. */
public sealed interface Principal {
  /** Stands in events as {@code by}. */
  String id();

  /** An administrator with a log-in token. */
  record User(String id, String name, Instant expiresAt) implements Principal {}

  /**
   * An API key.
   *
   * @param providers names it may use; empty: all
   * @param formats formats it may sign; empty: all
   */
  record ApiKey(
      String id, String name, Set<String> providers, Set<String> formats, Instant expiresAt)
      implements Principal {
    public ApiKey {
      providers = Set.copyOf(providers);
      formats = Set.copyOf(formats);
    }

    public boolean mayUse(String provider) {
      return providers.isEmpty() || providers.contains(provider);
    }

    public boolean maySign(String format) {
      return formats.isEmpty() || formats.contains(format);
    }
  }

  /** Nobody in particular: only where a route is open. */
  record Anonymous() implements Principal {
    @Override
    public String id() {
      return "anonymous";
    }
  }
}
