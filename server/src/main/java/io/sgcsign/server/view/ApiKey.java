// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An API key as everyone may know it; its HMAC is a secret of the ledger.
 *
 * @param providers it may sign with; empty: all
 * @param formats it may sign; empty: all
 */
public record ApiKey(
    String id,
    String name,
    List<String> providers,
    List<String> formats,
    List<String> scopes,
    Instant expiresAt,
    String createdBy,
    Instant createdAt,
    Optional<Instant> revokedAt) {
  public ApiKey {
    providers = List.copyOf(providers);
    formats = List.copyOf(formats);
    scopes = List.copyOf(scopes);
  }

  /** Whether it is good at this time. */
  public boolean usableAt(Instant time) {
    return revokedAt.isEmpty() && time.isBefore(expiresAt);
  }
}
