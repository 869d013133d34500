// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.PathResult;
import io.sgcsign.pki.PathResult.NoPath;
import io.sgcsign.pki.PathResult.OutsideValidity;
import io.sgcsign.pki.PathResult.Trusted;
import io.sgcsign.pki.PathResult.Unfit;
import io.sgcsign.verify.VerificationReport.Check;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Judges a signer's certificate: path, life, usage. */
final class CertificateCheck {
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";

  private CertificateCheck() {}

  /** CERTIFICATE_PATH and CERTIFICATE_VALIDITY. */
  static List<Check> path(PathResult result, X509Certificate leaf, Instant at) {
    return switch (result) {
      case Trusted _ ->
          List.of(
              Check.passed(CheckName.CERTIFICATE_PATH),
              Check.passed(CheckName.CERTIFICATE_VALIDITY));
      case OutsideValidity outside ->
          List.of(
              Check.passed(CheckName.CERTIFICATE_PATH),
              Check.failed(CheckName.CERTIFICATE_VALIDITY, outside.reason()));
      case NoPath none ->
          List.of(Check.failed(CheckName.CERTIFICATE_PATH, none.reason()), life(leaf, at));
      case Unfit unfit ->
          List.of(Check.failed(CheckName.CERTIFICATE_PATH, unfit.reason()), life(leaf, at));
    };
  }

  static Check life(X509Certificate certificate, Instant at) {
    boolean lives =
        !at.isBefore(certificate.getNotBefore().toInstant())
            && !at.isAfter(certificate.getNotAfter().toInstant());
    return lives
        ? Check.passed(CheckName.CERTIFICATE_VALIDITY)
        : Check.failed(
            CheckName.CERTIFICATE_VALIDITY,
            "The certificate is valid from %s to %s, not at %s"
                .formatted(
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant(),
                    at));
  }

  /**
   * KEY_USAGE for a signer that needs one of {@code purposes}; no purposes: any will do. An issuer
   * that limits what its certificates are for must allow it too.
   */
  static Check usage(X509Certificate leaf, PathResult path, Set<String> purposes) {
    boolean[] usage = leaf.getKeyUsage();
    boolean signs = usage == null || usage[0] || (usage[1] && !needsDigitalSignature(purposes));
    if (!signs) {
      return Check.failed(CheckName.KEY_USAGE, "The key must not make digital signatures");
    }
    if (purposes.isEmpty()) {
      return Check.passed(CheckName.KEY_USAGE);
    }
    List<String> allowed = purposes(leaf);
    if (allowed.stream().noneMatch(purposes::contains)) {
      return Check.failed(
          CheckName.KEY_USAGE, "The certificate is for " + allowed + ", not for " + purposes);
    }
    if (path instanceof Trusted trusted) {
      List<X509Certificate> issuers = trusted.path().subList(1, trusted.path().size());
      for (X509Certificate issuer : issuers) {
        List<String> limits = purposes(issuer);
        if (!limits.isEmpty()
            && !limits.contains(KeyPurpose.ANY)
            && limits.stream().noneMatch(purposes::contains)) {
          return Check.failed(CheckName.KEY_USAGE, "An issuer's certificate is only for " + limits);
        }
      }
    }
    return Check.passed(CheckName.KEY_USAGE);
  }

  /** RFC 3161 §2.3: exactly one key purpose, and critical. */
  static Check stampUsage(X509Certificate leaf, PathResult path) {
    Set<String> wanted = Set.of(KeyPurpose.TIME_STAMPING);
    Check check = usage(leaf, path, wanted);
    if (check.refuses()) {
      return check;
    }
    Set<String> critical = leaf.getCriticalExtensionOIDs();
    boolean sole = purposes(leaf).size() == 1;
    return sole && critical != null && critical.contains(EXTENDED_KEY_USAGE)
        ? check
        : Check.warned(
            CheckName.KEY_USAGE, "Time stamping is not the only, critical purpose of the key");
  }

  private static boolean needsDigitalSignature(Set<String> purposes) {
    return purposes.contains(KeyPurpose.CODE_SIGNING);
  }

  static List<String> purposes(X509Certificate certificate) {
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      return purposes == null ? List.of() : purposes;
    } catch (CertificateParsingException e) {
      return List.of(""); // an unreadable limit allows nothing
    }
  }
}
