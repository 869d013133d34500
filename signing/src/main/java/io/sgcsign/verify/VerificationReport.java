// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DistinguishedName;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a verifier found. {@link Status#VALID} only if every required check of the primary signature
 * passed.
 *
 * @param format the format that was checked
 * @param signatures every signature, the primary one first
 * @param fileChecks checks that belong to no single signature, for example hidden data
 * @param facts what the file says about itself, for example an MSIX package's publisher
 */
public record VerificationReport(
    String format,
    Status status,
    List<SignatureReport> signatures,
    List<Check> fileChecks,
    SortedMap<String, String> facts) {
  public VerificationReport {
    signatures = List.copyOf(signatures);
    fileChecks = List.copyOf(fileChecks);
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  /** Of a file that says nothing about itself. */
  public VerificationReport(
      String format, Status status, List<SignatureReport> signatures, List<Check> fileChecks) {
    this(format, status, signatures, fileChecks, Collections.emptySortedMap());
  }

  /** The same with what the file says about itself. */
  public VerificationReport with(SortedMap<String, String> said) {
    return new VerificationReport(format, status, signatures, fileChecks, said);
  }

  public boolean valid() {
    return status == Status.VALID;
  }

  public Optional<SignatureReport> primary() {
    return signatures.stream().findFirst();
  }

  /** The verdict. */
  public enum Status {
    VALID,
    /** Sound, but no trusted certificate vouches for it, or the signer's must not sign this. */
    UNTRUSTED,
    /** A signature, the content or the file is broken or forged. */
    INVALID,
    UNSIGNED,
    /** Sound, but outside the certificate's life and without a time stamp that proves otherwise. */
    EXPIRED,
    REVOKED,
    /** Not everything needed for a verdict is known. */
    INDETERMINATE;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One signature.
   *
   * @param path {@code 0} is the primary one, {@code 0.nested.0} the first nested in it
   * @param certificate the signer's; empty if the signature does not hold it or cannot be read
   * @param digestAlgorithm as in {@code sha256}; an OID if it is unknown
   * @param signatureAlgorithm as in {@code rsa-pkcs1/sha256}; an OID if it is unknown
   * @param trustedBy {@code provider} or {@code anchor}: what the path ends at
   * @param survivesExpiry a trusted time stamp keeps it good when the certificate has expired
   */
  public record SignatureReport(
      String path,
      Status status,
      Optional<X509Certificate> certificate,
      String digestAlgorithm,
      String signatureAlgorithm,
      Optional<String> trustedBy,
      Optional<TimestampReport> timestamp,
      boolean survivesExpiry,
      List<Check> checks) {
    public SignatureReport {
      checks = List.copyOf(checks);
    }

    /** The same at another place. */
    public SignatureReport at(String place) {
      return new SignatureReport(
          place,
          status,
          certificate,
          digestAlgorithm,
          signatureAlgorithm,
          trustedBy,
          timestamp,
          survivesExpiry,
          checks);
    }

    /** The signer, as the API prints names; empty if it is not known. */
    public String subject() {
      return certificate.map(c -> DistinguishedName.format(c.getSubjectX500Principal())).orElse("");
    }

    /** Who issued the signer's certificate; empty if it is not known. */
    public String issuer() {
      return certificate.map(c -> DistinguishedName.format(c.getIssuerX500Principal())).orElse("");
    }

    /** SHA-256 of the signer's certificate. */
    public Optional<Digest> thumbprint() {
      return certificate.map(c -> Digest.sha256(CertificateChain.der(c)));
    }

    /** End of life of the signer's certificate. */
    public Optional<Instant> notAfter() {
      return certificate.map(c -> c.getNotAfter().toInstant());
    }
  }

  /**
   * The time stamp of a signature.
   *
   * @param type {@code rfc3161} or {@code pkcs9}
   * @param notAfter end of life of the authority's certificate
   */
  public record TimestampReport(
      String type, Instant time, String subject, Instant notAfter, List<Check> checks) {
    public TimestampReport {
      checks = List.copyOf(checks);
    }
  }

  /** One thing looked at. */
  public record Check(CheckName name, Outcome outcome, boolean required, String detail) {
    public static Check passed(CheckName name) {
      return new Check(name, Outcome.PASSED, true, "");
    }

    public static Check failed(CheckName name, String detail) {
      return new Check(name, Outcome.FAILED, true, detail);
    }

    public static Check skipped(CheckName name, String detail) {
      return new Check(name, Outcome.SKIPPED, false, detail);
    }

    /** Failed, but no reason to refuse the file. */
    public static Check warned(CheckName name, String detail) {
      return new Check(name, Outcome.FAILED, false, detail);
    }

    public boolean refuses() {
      return required && outcome != Outcome.PASSED;
    }
  }

  /** How a check ended. */
  public enum Outcome {
    PASSED,
    FAILED,
    SKIPPED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
