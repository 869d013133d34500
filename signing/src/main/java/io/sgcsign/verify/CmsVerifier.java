// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.PathResult;
import io.sgcsign.pki.PathResult.Trusted;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.signature.ToBeSigned.Attribute;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges SignedData with one signer (RFC 5652 §5): algorithms, signed attributes, signature value,
 * time stamps, certificate. What the content means is the format's business, which hands its checks
 * in. Made for one policy; thread-safe.
 */
public final class CmsVerifier {
  /** szOID_NESTED_SIGNATURE: further signatures of the same file. */
  private static final String NESTED_SIGNATURE = "1.3.6.1.4.1.311.2.4.1";

  private static final Set<String> KNOWN_UNSIGNED =
      Set.of(
          NESTED_SIGNATURE,
          Oids.MICROSOFT_TIME_STAMP,
          Oids.TIME_STAMP_TOKEN,
          Oids.COUNTER_SIGNATURE);

  private final VerificationPolicy policy;
  private final PathFinder paths;
  private final boolean countersStamp;
  private final boolean plain;

  public CmsVerifier(VerificationPolicy policy) {
    this(policy, new CachedPaths(TrustStore.of(policy.anchors())));
  }

  /** With the owner's memory of trusted paths; {@code paths} lead to the policy's anchors. */
  public CmsVerifier(VerificationPolicy policy, PathFinder paths) {
    this(policy, paths, true, false);
  }

  private CmsVerifier(
      VerificationPolicy policy, PathFinder paths, boolean countersStamp, boolean plain) {
    this.policy = policy;
    this.paths = paths;
    this.countersStamp = countersStamp;
    this.plain = plain;
  }

  /** The same for formats whose counter-signatures are signatures, not PKCS#9 time stamps. */
  public CmsVerifier withoutCounterStamps() {
    return new CmsVerifier(policy, paths, false, plain);
  }

  /** The same for formats that take plain data signed without attributes (RFC 5652 §5.4). */
  public CmsVerifier withPlainData() {
    return new CmsVerifier(policy, paths, countersStamp, true);
  }

  /**
   * HIDDEN_DATA: unsigned attributes and attribute certificates are covered by no signature, so one
   * of a type we do not know could hold anything.
   */
  public static Check hiddenData(CmsStructure cms) {
    if (!cms.others().isEmpty()) {
      return Check.failed(CheckName.HIDDEN_DATA, "There is a certificate of an unknown kind");
    }
    return cms.signers().stream()
        .flatMap(signer -> signer.unsignedAttributes().stream())
        .map(Attribute::oid)
        .filter(oid -> !KNOWN_UNSIGNED.contains(oid))
        .findFirst()
        .map(oid -> Check.failed(CheckName.HIDDEN_DATA, "Unknown unsigned attribute " + oid))
        .orElse(Check.passed(CheckName.HIDDEN_DATA));
  }

  /** The certificate of the first signer, if it is there and can be read. */
  public static Optional<X509Certificate> signer(CmsStructure cms) {
    try {
      List<X509Certificate> pool = Certificates.decode(cms.certificates());
      return cms.signers().stream().findFirst().flatMap(s -> Certificates.ofSigner(s, pool));
    } catch (ArtifactException _) {
      return Optional.empty(); // whoever judges the signature says so
    }
  }

  /** The counter-signatures of the first signer, SignerInfos (RFC 5652 §11.4). */
  public static List<Bytes> counters(CmsStructure cms) {
    return cms.signers().isEmpty()
        ? List.of()
        : cms.signers().getFirst().unsigned(Oids.COUNTER_SIGNATURE);
  }

  /** The ContentInfos nested in the first signer's unsigned attributes. */
  public static List<Bytes> nested(CmsStructure cms) {
    return cms.signers().isEmpty()
        ? List.of()
        : cms.signers().getFirst().unsigned(NESTED_SIGNATURE);
  }

  /**
   * Judges a signature.
   *
   * @param path where it stands, for the report
   * @param digested what the message-digest attribute covers: {@link CmsStructure#digested} or, of
   *     a detached signature, the content
   * @param contentChecks what the format found about the content
   */
  public SignatureReport judge(
      String path, CmsStructure cms, Bytes digested, List<Check> contentChecks) {
    if (cms.signers().size() != 1) {
      return unreadable(path, "It has " + cms.signers().size() + " signers, not one");
    }
    try {
      var pool = new ArrayList<>(Certificates.decode(cms.certificates()));
      pool.addAll(policy.intermediates());
      List<X509CRL> crls = Certificates.decodeCrls(cms.crls());
      SignerInfo signer = cms.signers().getFirst();
      var expected =
          new SignerCheck.Expected(
              Optional.of(cms.contentType()), digested, cms.digestAlgorithms(), plain);
      SignerCheck signed = SignerCheck.of(signer, pool, expected);
      var checks = new ArrayList<Check>();
      checks.add(Check.passed(CheckName.STRUCTURE));
      checks.addAll(contentChecks);
      checks.addAll(signed.checks());
      return trust(path, signer, signed, pool, crls, checks);
    } catch (ArtifactException e) {
      return unreadable(path, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Judges a counter-signature of the first signer.
   *
   * @param counter out of {@link #counters}, parsed
   */
  public SignatureReport judgeCounter(
      String path, CmsStructure cms, SignerInfo counter, List<Check> contentChecks) {
    try {
      var pool = new ArrayList<>(Certificates.decode(cms.certificates()));
      pool.addAll(policy.intermediates());
      Bytes countersigned = cms.signers().getFirst().value();
      var expected = new SignerCheck.Expected(Optional.empty(), countersigned, Set.of());
      SignerCheck signed = SignerCheck.of(counter, pool, expected);
      var checks = new ArrayList<>(contentChecks);
      checks.addAll(signed.checks());
      return trust(path, counter, signed, pool, Certificates.decodeCrls(cms.crls()), checks);
    } catch (ArtifactException e) {
      return unreadable(path, String.valueOf(e.getMessage()));
    }
  }

  private SignatureReport trust(
      String path,
      SignerInfo signer,
      SignerCheck signed,
      List<X509Certificate> pool,
      List<X509CRL> crls,
      List<Check> checks) {
    List<Bytes> counters = countersStamp ? signer.unsigned(Oids.COUNTER_SIGNATURE) : List.of();
    StampCheck stamp = StampCheck.of(signer, counters, pool, paths, policy);
    checks.add(stamp.check());
    Optional<String> trustedBy = Optional.empty();
    boolean survives = false;
    if (signed.certificate().isPresent()) {
      X509Certificate leaf = signed.certificate().get();
      SigningCertificateCheck.of(signer, leaf).filter(Check::refuses).ifPresent(checks::add);
      survives =
          stamp.time().isPresent()
              && !CertificateCheck.purposes(leaf).contains(KeyPurpose.LIFETIME_SIGNING);
      Instant at = survives ? stamp.time().get() : policy.time();
      PathResult found = paths.find(leaf, pool, at);
      trustedBy = trustedBy(found);
      checks.addAll(CertificateCheck.path(found, leaf, at));
      checks.add(CertificateCheck.usage(leaf, found, policy.extendedKeyUsage()));
      checks.add(Revocation.check(found, crls, at));
    }
    Status rest = Verdict.of(checks.stream().filter(c -> c.name() != CheckName.TIMESTAMP).toList());
    return new SignatureReport(
        path,
        Verdict.worst(List.of(rest, stamp.status())),
        signed.certificate(),
        signed.scheme().map(s -> s.algorithm().digest().wireName()).orElse(signer.digest().oid()),
        signed.scheme().map(s -> s.algorithm().toString()).orElse(signer.signature().oid()),
        trustedBy,
        stamp.report(),
        survives,
        checks);
  }

  private Optional<String> trustedBy(PathResult found) {
    return found instanceof Trusted trusted
        ? Optional.of(policy.providerAnchors().contains(trusted.anchor()) ? "provider" : "anchor")
        : Optional.empty();
  }

  /** The report on what stands at {@code path} and cannot be read. */
  public static SignatureReport unreadable(String path, String detail) {
    return new SignatureReport(
        path,
        Status.INVALID,
        Optional.empty(),
        "",
        "",
        Optional.empty(),
        Optional.empty(),
        false,
        List.of(Check.failed(CheckName.STRUCTURE, detail)));
  }
}
