// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.PathResult;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
 * @param stamps what becomes of a sound time stamp whose authority no anchor vouches for
 */
public record VerificationPolicy(
    List<X509Certificate> anchors,
    List<X509Certificate> providerAnchors,
    Instant time,
    Set<String> extendedKeyUsage,
    List<X509Certificate> intermediates,
    StampTrust stamps) {
  /** id-kp-codeSigning (RFC 5280 §4.2.1.12). */
  public static final String CODE_SIGNING = KeyPurpose.CODE_SIGNING;

  /** id-kp-timeStamping (RFC 5280 §4.2.1.12). */
  public static final String TIME_STAMPING = KeyPurpose.TIME_STAMPING;

  public VerificationPolicy {
    anchors = List.copyOf(anchors);
    providerAnchors = List.copyOf(providerAnchors);
    extendedKeyUsage = Set.copyOf(extendedKeyUsage);
    intermediates = List.copyOf(intermediates);
  }

  /** With {@link StampTrust#REQUIRED}. */
  public VerificationPolicy(
      List<X509Certificate> anchors,
      List<X509Certificate> providerAnchors,
      Instant time,
      Set<String> extendedKeyUsage,
      List<X509Certificate> intermediates) {
    this(anchors, providerAnchors, time, extendedKeyUsage, intermediates, StampTrust.REQUIRED);
  }

  /** Anchors and time; any usage that {@code extendedKeyUsage} names, nothing else. */
  public static VerificationPolicy of(
      List<X509Certificate> anchors, Instant time, Set<String> extendedKeyUsage) {
    return new VerificationPolicy(anchors, List.of(), time, extendedKeyUsage, List.of());
  }

  public VerificationPolicy at(Instant other) {
    return new VerificationPolicy(
        anchors, providerAnchors, other, extendedKeyUsage, intermediates, stamps);
  }

  public VerificationPolicy withUsage(Set<String> purposes) {
    return new VerificationPolicy(anchors, providerAnchors, time, purposes, intermediates, stamps);
  }

  public VerificationPolicy with(StampTrust other) {
    return new VerificationPolicy(
        anchors, providerAnchors, time, extendedKeyUsage, intermediates, other);
  }

  /** What becomes of a sound time stamp whose authority no anchor vouches for. */
  public enum StampTrust {
    /** The signature is untrusted. */
    REQUIRED,
    /**
     * The stamp does not count: the signature is judged at the policy's time. For a release gate
     * without anchors of the authority, whose client has checked the token.
     */
    OPTIONAL
  }

  /** {@code provider} or {@code anchor}: what a path ends at; empty if it ends at neither. */
  Optional<String> trustedBy(PathResult found) {
    return found instanceof PathResult.Trusted trusted
        ? Optional.of(providerAnchors.contains(trusted.anchor()) ? "provider" : "anchor")
        : Optional.empty();
  }
}
