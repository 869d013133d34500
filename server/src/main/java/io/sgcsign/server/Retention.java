// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.request.KeyRing;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Compares the retention of personal details with what public CAs ask for. */
final class Retention {
  /** CA/Browser Forum Code Signing Baseline Requirements §5.4.3: two years. */
  private static final int PUBLIC_CA_DAYS = 730;

  /** certificatePolicies (RFC 5280 §4.2.1.4). */
  private static final String POLICIES = "2.5.29.32";

  /**
   * DER, in hexadecimal, of the CA/Browser Forum's policies for code signing: 2.23.140.1.4.1 and
   * 2.23.140.1.3.
   */
  private static final List<String> PUBLIC_POLICIES = List.of("060667810c010401", "060567810c0103");

  private Retention() {}

  static Optional<String> warning(ServerConfig config, KeyRing keys) {
    int days = config.retentionDays();
    if (days == 0 || days >= PUBLIC_CA_DAYS) {
      return Optional.empty();
    }
    return keys.slots().stream()
        .filter(s -> s.key().map(k -> isPublic(k.chain().leaf())).orElse(false))
        .findFirst()
        .map(s ->
            "audit.retention_days is "
                + days
                + ", but the provider \""
                + s.config().name()
                + "\" has a certificate of a public CA, whose rules ask for "
                + PUBLIC_CA_DAYS);
  }

  private static boolean isPublic(X509Certificate leaf) {
    byte[] policies = leaf.getExtensionValue(POLICIES);
    if (policies == null) {
      return false;
    }
    String hex = Bytes.wrap(policies).toHex();
    return PUBLIC_POLICIES.stream().anyMatch(hex::contains);
  }
}
