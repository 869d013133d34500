// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import com.android.apksig.ApkVerifier;
import com.android.apksig.ApkVerifier.Issue;
import com.android.apksig.ApkVerifier.IssueWithParams;
import com.android.apksig.apk.ApkFormatException;
import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.CmsVerifier;
import io.sgcsign.verify.SignerTrust;
import io.sgcsign.verify.Verdict;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Judges the signatures of an APK: apksig checks digests and values as Android does; whom to trust
 * and what nobody covers is ours. APK certificates mostly are self-signed: such a one is trusted
 * only where the policy names it.
 */
final class ApkVerification {
  /** The Android versions that know scheme v1 only, from the first with SHA-256 in it. */
  private static final int FIRST_V1_SDK = 18;

  private static final int LAST_V1_SDK = 23;
  private static final int MIN_RSA_BITS = 2048;
  private static final Map<String, String> DIGESTS =
      Map.of(
          "1.3.14.3.2.26", "sha1",
          "2.16.840.1.101.3.4.2.1", "sha256",
          "2.16.840.1.101.3.4.2.2", "sha384",
          "2.16.840.1.101.3.4.2.3", "sha512");

  private final ApkFile file;
  private final Optional<Artifact> beside;
  private final boolean wantsV4;
  private final VerificationPolicy policy;
  private final List<SignatureReport> signatures = new ArrayList<>();

  /**
   * @param beside the file of scheme v4
   * @param wantsV4 whether it has to be there
   */
  ApkVerification(
      ApkFile file, Optional<Artifact> beside, boolean wantsV4, VerificationPolicy policy) {
    this.file = file;
    this.beside = beside;
    this.wantsV4 = wantsV4;
    this.policy = policy;
  }

  VerificationReport run() {
    if (!file.signed()) {
      return report(Status.UNSIGNED, List.of(Check.passed(CheckName.STRUCTURE)));
    }
    ApkVerifier.Result result = verify(new ApkVerifier.Builder(ArtifactSource.of(file.artifact())));
    var checks = new ArrayList<Check>();
    checks.add(
        result.isVerified()
            ? Check.passed(CheckName.STRUCTURE)
            : Check.failed(CheckName.STRUCTURE, text(result.getAllErrors())));
    checks.add(
        file.hidden()
            .map(what -> Check.failed(CheckName.HIDDEN_DATA, what))
            .orElse(Check.passed(CheckName.HIDDEN_DATA)));
    schemes(result);
    if (!file.jarSignatures().isEmpty()) {
      checks.addAll(jar());
    }
    beside.ifPresent(
        b -> signatures.addAll(new V4Verification(file, b, policy).run(signatures.size())));
    if (wantsV4 && beside.isEmpty()) {
      checks.add(Check.failed(CheckName.STRUCTURE, "There is no .idsig file of scheme v4"));
    }
    if (signatures.isEmpty()) {
      checks.add(Check.failed(CheckName.STRUCTURE, "No signature can be read"));
    }
    var deciding = new ArrayList<Status>();
    deciding.add(Verdict.of(checks));
    signatures.stream().limit(1).map(SignatureReport::status).forEach(deciding::add);
    signatures.stream()
        .map(SignatureReport::status)
        .filter(s -> s == Status.INVALID || s == Status.REVOKED)
        .forEach(deciding::add);
    return report(Verdict.worst(deciding), checks).with(facts());
  }

  /** Which schemes there are; above Android 6 the best one counts. */
  private SortedMap<String, String> facts() {
    var schemes = new ArrayList<String>();
    if (!file.jarSignatures().isEmpty()) {
      schemes.add("v1");
    }
    file.scheme(ApkFile.V2_ID).ifPresent(_ -> schemes.add("v2"));
    file.scheme(ApkFile.V3_ID).ifPresent(_ -> schemes.add("v3"));
    file.scheme(ApkFile.V31_ID).ifPresent(_ -> schemes.add("v3.1"));
    beside.ifPresent(_ -> schemes.add("v4"));
    return new TreeMap<>(Map.of("schemes", String.join(", ", schemes)));
  }

  private VerificationReport report(Status status, List<Check> checks) {
    return new VerificationReport(ApkFormat.NAME, status, signatures, checks);
  }

  private static ApkVerifier.Result verify(ApkVerifier.Builder builder) {
    try {
      return builder.build().verify();
    } catch (ArtifactException e) {
      throw e;
    } catch (IOException | ApkFormatException | RuntimeException e) {
      // on damaged files apksig lets through whatever it runs into
      throw Prefixed.malformed("or the APK cannot be read: " + e.getMessage());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK lacks an algorithm", e);
    }
  }

  private void schemes(ApkVerifier.Result result) {
    List<List<SchemeSignature>> v31 = signers(ApkFile.V31_ID, true);
    for (var signer : result.getV31SchemeSigners()) {
      boolean good = result.isVerifiedUsingV31Scheme() && !signer.containsErrors();
      add(signer.getCertificates(), at(v31, signer.getIndex()), good, signer.getErrors());
    }
    List<List<SchemeSignature>> v3 = signers(ApkFile.V3_ID, true);
    for (var signer : result.getV3SchemeSigners()) {
      boolean good = result.isVerifiedUsingV3Scheme() && !signer.containsErrors();
      add(signer.getCertificates(), at(v3, signer.getIndex()), good, signer.getErrors());
    }
    List<List<SchemeSignature>> v2 = signers(ApkFile.V2_ID, false);
    for (var signer : result.getV2SchemeSigners()) {
      boolean good = result.isVerifiedUsingV2Scheme() && !signer.containsErrors();
      add(signer.getCertificates(), at(v2, signer.getIndex()), good, signer.getErrors());
    }
  }

  private List<List<SchemeSignature>> signers(int id, boolean sdks) {
    return file.scheme(id).map(b -> SchemeSignature.ofSigners(b, sdks)).orElse(List.of());
  }

  private static Optional<SchemeSignature> at(List<List<SchemeSignature>> signers, int index) {
    return index < signers.size() ? signers.get(index).stream().findFirst() : Optional.empty();
  }

  /** Scheme v1, which newer Androids do not look at where there is another. */
  private List<Check> jar() {
    ApkVerifier.Result result =
        verify(
            new ApkVerifier.Builder(ArtifactSource.of(file.artifact()))
                .setMinCheckedPlatformVersion(FIRST_V1_SDK)
                .setMaxCheckedPlatformVersion(LAST_V1_SDK));
    List<Bytes> blocks = file.jarBlocks();
    var signers = result.getV1SchemeSigners();
    for (int i = 0; i < signers.size(); i++) {
      var signer = signers.get(i);
      boolean good = result.isVerifiedUsingV1Scheme() && !signer.containsErrors();
      List<X509Certificate> chain = signer.getCertificateChain();
      Optional<SchemeSignature> value =
          chain.isEmpty() || i >= blocks.size()
              ? Optional.empty()
              : jarValue(blocks.get(i), chain.getFirst());
      add(chain, value, good, signer.getErrors());
    }
    boolean bare =
        !file.whole()
            && result.getWarnings().stream()
                .anyMatch(w -> w.getIssue() == Issue.JAR_SIG_UNPROTECTED_ZIP_ENTRY);
    var checks = new ArrayList<Check>();
    if (!result.isVerified()) {
      checks.add(
          Check.failed(CheckName.CONTENT_DIGEST, "Scheme v1: " + text(result.getAllErrors())));
    }
    if (bare) {
      checks.add(
          Check.failed(CheckName.HIDDEN_DATA, "There are files that scheme v1 does not cover"));
    }
    return checks;
  }

  private static Optional<SchemeSignature> jarValue(Bytes block, X509Certificate leaf) {
    var signer = CmsStructure.parse(block).signers().getFirst();
    String digest = DIGESTS.getOrDefault(signer.digest().oid(), signer.digest().oid());
    String scheme = leaf.getPublicKey() instanceof RSAKey ? "rsa-pkcs1" : "ecdsa";
    return Optional.of(new SchemeSignature(scheme + "/" + digest, digest, signer.value()));
  }

  private void add(
      List<X509Certificate> chain,
      Optional<SchemeSignature> value,
      boolean good,
      List<IssueWithParams> errors) {
    String path = Integer.toString(signatures.size());
    if (chain.isEmpty() || value.isEmpty()) {
      signatures.add(CmsVerifier.unreadable(path, "It cannot be read: " + text(errors)));
      return;
    }
    var checks = new ArrayList<Check>();
    X509Certificate leaf = chain.getFirst();
    checks.add(Check.passed(CheckName.STRUCTURE));
    checks.addAll(values(good, errors));
    checks.add(algorithms(leaf, value.get()));
    var trust = SignerTrust.of(leaf, chain, policy);
    checks.addAll(trust.checks());
    signatures.add(
        new SignatureReport(
            path,
            Verdict.of(checks),
            Optional.of(leaf),
            value.get().digest(),
            value.get().algorithm(),
            trust.trustedBy(),
            Optional.empty(),
            false,
            checks));
  }

  private static List<Check> values(boolean good, List<IssueWithParams> errors) {
    if (good) {
      return List.of(
          Check.passed(CheckName.CONTENT_DIGEST), Check.passed(CheckName.SIGNATURE_VALUE));
    }
    boolean digest =
        errors.stream().map(e -> e.getIssue().name()).anyMatch(n -> n.contains("DIGEST"));
    return List.of(
        Check.failed(digest ? CheckName.CONTENT_DIGEST : CheckName.SIGNATURE_VALUE, text(errors)));
  }

  private static Check algorithms(X509Certificate leaf, SchemeSignature value) {
    if (leaf.getPublicKey() instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      return Check.failed(
          CheckName.ALGORITHMS, "The RSA key has " + rsa.getModulus().bitLength() + " bits");
    }
    return value.digest().equals("sha1")
        ? Check.warned(CheckName.ALGORITHMS, "SHA-1 can be made to collide")
        : Check.passed(CheckName.ALGORITHMS);
  }

  private static String text(List<IssueWithParams> errors) {
    return errors.isEmpty()
        ? "it is not what Android takes"
        : errors.stream()
            .map(IssueWithParams::toString)
            .distinct()
            .collect(Collectors.joining("; "));
  }

  /** The signature values in the file. */
  static List<Bytes> values(ApkFile file) {
    var out = new ArrayList<Bytes>();
    for (int id : new int[] {ApkFile.V2_ID, ApkFile.V3_ID, ApkFile.V31_ID}) {
      file.scheme(id).stream()
          .flatMap(b -> SchemeSignature.ofSigners(b, id != ApkFile.V2_ID).stream())
          .flatMap(List::stream)
          .map(SchemeSignature::value)
          .forEach(out::add);
    }
    for (Bytes block : file.jarBlocks()) {
      CmsStructure.parse(block).signers().forEach(s -> out.add(s.value()));
    }
    return out;
  }
}
