// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import io.sgcsign.pki.PathResult.NoPath;
import io.sgcsign.pki.PathResult.OutsideValidity;
import io.sgcsign.pki.PathResult.Trusted;
import io.sgcsign.pki.PathResult.Unfit;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Finds and judges paths from a leaf to an anchor (RFC 5280 §6). Links are found here, by name and
 * signature; the rules are the JDK's PKIX. No network, no revocation. Stateless.
 */
public final class PathBuilder {
  /** Certificates in a path. The deepest public code-signing hierarchies have five. */
  private static final int MAX_LENGTH = 10;

  /** Signatures tried for one path: bounds what a bag of look-alike certificates can cost. */
  private static final int MAX_TRIALS = 64;

  private PathBuilder() {}

  /**
   * Looks for a trusted path.
   *
   * @param pool certificates that may link leaf and anchors
   * @param at the time at which everything on the path must be in its life
   */
  public static PathResult find(
      X509Certificate leaf, Collection<X509Certificate> pool, TrustStore anchors, Instant at) {
    if (anchors.contains(leaf)) {
      return lives(leaf, at) ? new Trusted(List.of(leaf)) : outside(leaf, at);
    }
    var search = new Search(List.copyOf(pool), anchors, at);
    search.extend(new ArrayList<>(List.of(leaf)));
    return search.best;
  }

  static boolean lives(X509Certificate certificate, Instant at) {
    return !at.isBefore(certificate.getNotBefore().toInstant())
        && !at.isAfter(certificate.getNotAfter().toInstant());
  }

  private static OutsideValidity outside(X509Certificate certificate, Instant at) {
    return new OutsideValidity(
        "%s is valid from %s to %s, not at %s"
            .formatted(
                name(certificate),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                at));
  }

  private static String name(X509Certificate certificate) {
    return DistinguishedName.format(certificate.getSubjectX500Principal());
  }

  /** The state of one depth-first search. */
  private static final class Search {
    private final List<X509Certificate> pool;
    private final TrustStore anchors;
    private final Instant at;
    private PathResult best = new NoPath("No trusted certificate issued it");
    private int trials;

    Search(List<X509Certificate> pool, TrustStore anchors, Instant at) {
      this.pool = pool;
      this.anchors = anchors;
      this.at = at;
    }

    /** Whether a trusted path was found that begins with {@code path}. */
    boolean extend(List<X509Certificate> path) {
      X509Certificate last = path.getLast();
      for (X509Certificate anchor : anchors.named(last.getIssuerX500Principal())) {
        if (issued(anchor, last) && judge(path, anchor)) {
          return true;
        }
      }
      if (path.size() >= MAX_LENGTH) {
        return false;
      }
      for (X509Certificate issuer : pool) {
        if (issuer.getSubjectX500Principal().equals(last.getIssuerX500Principal())
            && !path.contains(issuer)
            && issued(issuer, last)) {
          path.addLast(issuer);
          if (extend(path)) {
            return true;
          }
          path.removeLast();
        }
      }
      if (best instanceof NoPath) {
        best = new NoPath("No trusted certificate issued " + name(last));
      }
      return false;
    }

    private boolean issued(X509Certificate issuer, X509Certificate subject) {
      if (++trials > MAX_TRIALS) {
        return false;
      }
      try {
        subject.verify(issuer.getPublicKey());
        return true;
      } catch (GeneralSecurityException e) {
        return false; // a namesake: the next candidate may be the issuer
      }
    }

    private boolean judge(List<X509Certificate> path, X509Certificate anchor) {
      PathResult result = validate(path, anchor);
      if (result instanceof Trusted || best instanceof NoPath || best instanceof Unfit) {
        best = result;
      }
      return result instanceof Trusted;
    }

    private PathResult validate(List<X509Certificate> path, X509Certificate anchor) {
      for (X509Certificate certificate : path) {
        if (!lives(certificate, at)) {
          return outside(certificate, at);
        }
      }
      if (!lives(anchor, at)) {
        return outside(anchor, at);
      }
      if (anchor.getVersion() >= 3 && anchor.getBasicConstraints() < 0) {
        return new Unfit(name(anchor) + " is trusted, but must not issue certificates");
      }
      try {
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        var certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
        CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
        var whole = new ArrayList<>(path);
        whole.add(anchor);
        return new Trusted(whole);
      } catch (CertPathValidatorException e) {
        return refused(e);
      } catch (CertificateException | InvalidAlgorithmParameterException e) {
        return new Unfit(String.valueOf(e.getMessage()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("This JDK lacks PKIX", e);
      }
    }

    private static PathResult refused(CertPathValidatorException e) {
      String reason = String.valueOf(e.getMessage());
      return e.getReason() == BasicReason.EXPIRED || e.getReason() == BasicReason.NOT_YET_VALID
          ? new OutsideValidity(reason)
          : new Unfit(reason);
    }
  }
}
