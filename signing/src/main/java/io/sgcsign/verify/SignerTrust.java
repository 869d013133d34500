// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.pki.PathResult;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.verify.VerificationReport.Check;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a policy trusts a signer whose signature has no CMS around it and no time stamp: what
 * counts is the policy's time.
 *
 * @param trustedBy {@code provider} or {@code anchor}; empty: nobody
 */
public record SignerTrust(List<Check> checks, Optional<String> trustedBy) {
  public SignerTrust {
    checks = List.copyOf(checks);
  }

  public static SignerTrust of(
      X509Certificate leaf, List<X509Certificate> others, VerificationPolicy policy) {
    var pool = new ArrayList<>(others);
    pool.addAll(policy.intermediates());
    PathResult found =
        PathFinder.to(TrustStore.of(policy.anchors())).find(leaf, pool, policy.time());
    var checks = new ArrayList<>(CertificateCheck.path(found, leaf, policy.time()));
    checks.add(CertificateCheck.usage(leaf, found, policy.extendedKeyUsage()));
    checks.add(Revocation.check(found, List.of(), policy.time()));
    return new SignerTrust(checks, policy.trustedBy(found));
  }
}
