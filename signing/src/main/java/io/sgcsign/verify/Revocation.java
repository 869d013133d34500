// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.pki.PathResult;
import io.sgcsign.pki.PathResult.Trusted;
import io.sgcsign.verify.VerificationReport.Check;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Looks into the revocation lists (RFC 5280 §5) that came with a signature. Fetches nothing. */
final class Revocation {
  private Revocation() {}

  /** REVOCATION of every certificate on the path, at the time that counts. */
  static Check check(PathResult path, List<X509CRL> lists, Instant at) {
    if (lists.isEmpty() || !(path instanceof Trusted trusted)) {
      return Check.skipped(CheckName.REVOCATION, "No revocation list is at hand");
    }
    boolean all = trusted.path().size() > 1;
    for (int i = 0; i + 1 < trusted.path().size(); i++) {
      X509Certificate certificate = trusted.path().get(i);
      X509Certificate issuer = trusted.path().get(i + 1);
      List<X509CRL> own = lists.stream().filter(list -> isFrom(list, issuer)).toList();
      all &= !own.isEmpty();
      for (X509CRL list : own) {
        X509CRLEntry entry = list.getRevokedCertificate(certificate);
        if (entry != null && !entry.getRevocationDate().toInstant().isAfter(at)) {
          return Check.failed(
              CheckName.REVOCATION,
              "The certificate was revoked on " + entry.getRevocationDate().toInstant());
        }
      }
    }
    return all
        ? Check.passed(CheckName.REVOCATION)
        : Check.skipped(
            CheckName.REVOCATION, "No revocation list for every certificate is at hand");
  }

  private static boolean isFrom(X509CRL list, X509Certificate issuer) {
    if (!list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      list.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false; // a namesake's list, or a forged one: it proves nothing
    }
  }
}
