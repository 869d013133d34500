// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.apk.SchemeSigner.ContentDigest;
import io.sgcsign.layout.apk.VerityTree;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.DigestAlgorithm;
import java.security.cert.X509Certificate;

/**
 * Makes the file of scheme v4 for an APK that is signed already. apksig writes it to the file
 * system only, so this is ours (docs/adr/0010).
 */
record V4Signing(X509Certificate leaf, PassingKey key) {
  /** Bytes that certificate and public key leave to digest, value and lengths. */
  private static final int REST = 1024 + 512;

  /** Whether certificate and public key are larger than Android takes. */
  boolean tooLarge() {
    return CertificateChain.der(leaf).size() + publicKey().size() > IdSig.MAX_SIGNINGS - REST;
  }

  private Bytes publicKey() {
    return Bytes.wrap(leaf.getPublicKey().getEncoded());
  }

  /**
   * Signs once.
   *
   * @param apk signed with v2 or v3, as it will be
   */
  Bytes run(Artifact apk) {
    ApkFile file = ApkFile.parse(apk);
    ContentDigest digest =
        file.scheme(ApkFile.V3_ID)
            .or(() -> file.scheme(ApkFile.V2_ID))
            .flatMap(SchemeSigner::of)
            .flatMap(SchemeSigner::best)
            .orElseThrow(() -> new IllegalStateException("The APK has no signature of v2 or v3"));
    var tree = VerityTree.of(apk);
    var claim = new IdSig.Claim(digest.value(), CertificateChain.der(leaf), Bytes.EMPTY);
    Bytes data = claim.signedData(apk.size(), IdSig.Hashing.of(tree));
    Bytes value = key.sign(data, hash(digest.algorithm()));
    return IdSig.write(tree, new IdSig.Signing(0, claim, publicKey(), digest.algorithm(), value));
  }

  private static DigestAlgorithm hash(int algorithm) {
    return DigestAlgorithm.byWireName(SchemeSignature.of(algorithm, Bytes.EMPTY).digest())
        .orElseThrow(() -> new IllegalStateException("apksig signed by an unknown algorithm"));
  }
}
