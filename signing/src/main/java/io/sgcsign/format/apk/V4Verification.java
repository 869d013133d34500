// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.apk.VerityTree;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsVerifier;
import io.sgcsign.verify.ValueVerifier;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges the file of scheme v4 beside an APK: the tree is the APK's, and who signed it is who
 * signed v3 (or v2) and names the same digest. Whether v3 and v2 hold is judged elsewhere.
 */
final class V4Verification {
  private final ApkFile file;
  private final Artifact beside;
  private final VerificationPolicy policy;

  V4Verification(ApkFile file, Artifact beside, VerificationPolicy policy) {
    this.file = file;
    this.beside = beside;
    this.policy = policy;
  }

  /**
   * A report for each signature.
   *
   * @param first number of the first, as reports count
   */
  List<SignatureReport> run(int first) {
    IdSig idsig = IdSig.parse(beside);
    Check content = content(idsig);
    var out = new ArrayList<SignatureReport>();
    for (IdSig.Signing signing : idsig.signings()) {
      out.add(judge(Integer.toString(first + out.size()), idsig, signing, content));
    }
    return out;
  }

  /** Whether root and tree are the APK's. */
  private Check content(IdSig idsig) {
    if (!idsig.hashing().known()) {
      return failed("The hash tree of scheme v4 is of a kind that is not known");
    }
    if (idsig.treeSize() != VerityTree.size(file.artifact().size())) {
      return failed("The hash tree of scheme v4 is of an APK of another size");
    }
    var tree = VerityTree.of(file.artifact());
    return tree.root().equals(idsig.hashing().root()) && same(tree.bytes(), idsig.treeAt())
        ? Check.passed(CheckName.CONTENT_DIGEST)
        : failed("The hash tree of scheme v4 is not that of this APK");
  }

  private boolean same(Bytes tree, long at) {
    for (int from = 0; from < tree.size(); from += Artifact.STEP) {
      int to = Math.min(tree.size(), from + Artifact.STEP);
      if (!beside.read(at + from, to - from).equals(tree.slice(from, to))) {
        return false;
      }
    }
    return true;
  }

  private SignatureReport judge(String path, IdSig idsig, IdSig.Signing signing, Check content) {
    Optional<SignatureAlgorithm> algorithm =
        SignatureAlgorithm.parse(SchemeSignature.of(signing.algorithm(), Bytes.EMPTY).algorithm())
            .filter(a -> a.scheme() != SignatureAlgorithm.Scheme.RSA_PSS);
    if (algorithm.isEmpty()) {
      return CmsVerifier.unreadable(
          path, "Scheme v4 is signed by algorithm 0x%04x".formatted(signing.algorithm()));
    }
    IdSig.Claim claim = signing.claim();
    X509Certificate leaf = ValueVerifier.certificates(List.of(claim.certificate())).getFirst();
    Optional<SchemeSigner> counterpart = counterpart(signing.scheme()).flatMap(SchemeSigner::of);
    var checks = new ArrayList<Check>();
    checks.add(
        agrees(signing, leaf, counterpart)
            .map(why -> Check.failed(CheckName.STRUCTURE, why))
            .orElse(Check.passed(CheckName.STRUCTURE)));
    checks.add(content);
    var signature =
        new ValueVerifier.Signature(
            claim.signedData(file.artifact().size(), idsig.hashing()),
            signing.value(),
            algorithm.get(),
            List.of());
    List<X509Certificate> pool =
        counterpart.map(c -> ValueVerifier.certificates(c.certificates())).orElse(List.of());
    return new ValueVerifier(policy).judge(path, signature, leaf, pool, checks);
  }

  /** The block of the scheme that a signature of v4 repeats. */
  private Optional<Bytes> counterpart(int scheme) {
    return switch (scheme) {
      case 0 -> file.scheme(ApkFile.V3_ID).or(() -> file.scheme(ApkFile.V2_ID));
      case ApkFile.V31_ID -> file.scheme(ApkFile.V31_ID);
      default -> Optional.empty();
    };
  }

  /** Why it is not about what the counterpart signed; empty: it is. */
  private static Optional<String> agrees(
      IdSig.Signing signing, X509Certificate leaf, Optional<SchemeSigner> counterpart) {
    if (counterpart.isEmpty()) {
      return Optional.of("Scheme v4 needs one signer of scheme v3 or v2 in the APK");
    }
    if (!counterpart.get().certificates().stream()
        .limit(1)
        .anyMatch(signing.claim().certificate()::equals)) {
      return Optional.of("Scheme v4 has another signer than scheme v3 or v2");
    }
    if (!signing.publicKey().equals(Bytes.wrap(leaf.getPublicKey().getEncoded()))) {
      return Optional.of("Scheme v4 has a public key that is not the certificate's");
    }
    boolean same =
        counterpart
            .get()
            .best()
            .filter(d -> d.value().equals(signing.claim().apkDigest()))
            .isPresent();
    return same
        ? Optional.empty()
        : Optional.of("Scheme v4 has another digest of the APK than scheme v3 or v2");
  }

  private static Check failed(String why) {
    return Check.failed(CheckName.CONTENT_DIGEST, why);
  }
}
