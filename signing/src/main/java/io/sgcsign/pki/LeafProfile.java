// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/**
 * What a {@link TestAuthority} writes into a leaf certificate.
 *
 * @param extendedKeyUsage OIDs; empty: no such extension
 * @param criticalUsage whether the extended key usage is critical, as RFC 3161 §2.3 asks of a TSA
 * @param hosts DNS names and IPv4 addresses for the subject alternative name
 * @param selfSigned signed with its own key in place of the authority's
 */
public record LeafProfile(
    String commonName,
    KeyType keys,
    Instant notBefore,
    Instant notAfter,
    Set<String> extendedKeyUsage,
    boolean criticalUsage,
    List<String> hosts,
    boolean selfSigned) {
  /** Days a leaf lives unless told otherwise: what CAs sold before the limits of 2026. */
  private static final int LEAF_DAYS = 825;

  /** Days a time-stamping leaf lives: longer than what it stamps. */
  private static final int TSA_DAYS = 10 * 365;

  public LeafProfile {
    extendedKeyUsage = Set.copyOf(extendedKeyUsage);
    hosts = List.copyOf(hosts);
  }

  public static LeafProfile codeSigning(String commonName, KeyType keys, Instant now) {
    return leaf(
        commonName, keys, now, LEAF_DAYS, Set.of(KeyPurpose.CODE_SIGNING), false, List.of());
  }

  public static LeafProfile timeStamping(String commonName, KeyType keys, Instant now) {
    return leaf(commonName, keys, now, TSA_DAYS, Set.of(KeyPurpose.TIME_STAMPING), true, List.of());
  }

  /** For TLS; the first host is the common name. */
  public static LeafProfile tlsServer(List<String> hosts, KeyType keys, Instant now) {
    return leaf(
        hosts.getFirst(), keys, now, LEAF_DAYS, Set.of(KeyPurpose.SERVER_AUTH), false, hosts);
  }

  private static LeafProfile leaf(
      String commonName,
      KeyType keys,
      Instant now,
      int days,
      Set<String> usage,
      boolean critical,
      List<String> hosts) {
    // a clock a little behind must not call a fresh certificate not yet valid
    Instant notBefore = now.minus(1, ChronoUnit.HOURS);
    Instant notAfter = now.plus(days, ChronoUnit.DAYS);
    return new LeafProfile(commonName, keys, notBefore, notAfter, usage, critical, hosts, false);
  }

  public LeafProfile valid(Instant from, Instant to) {
    return new LeafProfile(
        commonName, keys, from, to, extendedKeyUsage, criticalUsage, hosts, selfSigned);
  }

  public LeafProfile withUsage(boolean critical, String... oids) {
    return new LeafProfile(
        commonName, keys, notBefore, notAfter, Set.of(oids), critical, hosts, selfSigned);
  }

  public LeafProfile signedByItself() {
    return new LeafProfile(
        commonName, keys, notBefore, notAfter, extendedKeyUsage, criticalUsage, hosts, true);
  }
}
