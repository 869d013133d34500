// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a verifier needs to know besides the file.
 *
 * @param anchors trusted certificates; a leaf listed here is trusted as it stands
 * @param providerAnchors those of {@code anchors} that are there because a provider of this server
 *     uses them: reported as {@code trusted_by: provider}
 * @param time the time asked about: now, or a later day
 * @param extendedKeyUsage OIDs of which the leaf must have one; empty: any
 * @param intermediates further certificates that may complete a path
 */
public record VerificationPolicy(
    List<X509Certificate> anchors,
    List<X509Certificate> providerAnchors,
    Instant time,
    Set<String> extendedKeyUsage,
    List<X509Certificate> intermediates) {
  /** id-kp-codeSigning (RFC 5280 §4.2.1.12). */
  public static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

  /** id-kp-timeStamping (RFC 5280 §4.2.1.12). */
  public static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";

  public VerificationPolicy {
    anchors = List.copyOf(anchors);
    providerAnchors = List.copyOf(providerAnchors);
    extendedKeyUsage = Set.copyOf(extendedKeyUsage);
    intermediates = List.copyOf(intermediates);
  }
}
