// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import com.android.apksig.ApkSigner;
import com.android.apksig.KeyConfig;
import com.android.apksig.apk.ApkFormatException;
import com.android.apksig.apk.ApkUtils;
import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lets apksig sign an APK without signatures. */
record ApkSigning(
    Artifact input, Set<String> schemes, List<X509Certificate> chain, PassingKey key) {
  private static final String SIGNER = "SGCSIGN";
  private static final String HINT = "Check that the APK was built well; apkanalyzer shows it.";

  /** Bytes of the compiled manifest; checked before. */
  private static final int MAX_MANIFEST = 8 << 20;

  /** Scheme v1 below this Android has SHA-1. */
  private static final int FIRST_SHA256_SDK = 18;

  /** From this Android on v2 is known. */
  private static final int FIRST_V2_SDK = 24;

  Patch run() {
    var sink = new PieceSink(input);
    try {
      int sdk = sdk();
      boolean v1 = schemes.contains("v1");
      refuse(
          v1 && sdk < FIRST_SHA256_SDK,
          "The APK is for Android SDK " + sdk + ", where scheme v1 needs SHA-1",
          "Raise minSdkVersion to 18, or leave v1 out of schemes.");
      refuse(
          !v1 && sdk < FIRST_V2_SDK,
          "The APK is for Android SDK " + sdk + ", which knows scheme v1 only",
          "Add v1 to schemes, or raise minSdkVersion to 24.");
      refuse(
          schemes.equals(Set.of("v1")) && uncovered().isPresent(),
          "Scheme v1 does not cover " + uncovered().orElse(""),
          "Add v2 to schemes, or take the file out.");
      var signer =
          new ApkSigner.SignerConfig.Builder(SIGNER, new KeyConfig.Jca(key), chain).build();
      new ApkSigner.Builder(List.of(signer))
          .setInputApk(ArtifactSource.of(input))
          .setOutputApk(sink)
          .setMinSdkVersion(sdk)
          .setV1SigningEnabled(v1)
          .setV2SigningEnabled(schemes.contains("v2"))
          .setV3SigningEnabled(schemes.contains("v3"))
          .setV4SigningEnabled(false)
          .setOtherSignersSignaturesPreserved(false)
          .setAlignmentPreserved(true)
          .setCreatedBy("sgcsign")
          .build()
          .sign();
      return sink.patch();
    } catch (ApkFormatException | IOException e) {
      throw malformed(String.valueOf(e.getMessage()), HINT);
    } catch (RuntimeException e) {
      if (e instanceof ArtifactException || key.threw(e)) {
        throw e;
      }
      // on damaged files apksig lets through whatever it runs into
      throw malformed("The APK cannot be read: " + e.getMessage(), HINT);
    } catch (InvalidKeyException | SignatureException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("apksig cannot use the key", e);
    }
  }

  private int sdk() throws ApkFormatException {
    var zip = ZipFile.parse(input);
    var manifest = zip.entry(ApkFile.MANIFEST).orElseThrow();
    return ApkUtils.getMinSdkVersionFromBinaryAndroidManifest(
        ByteBuffer.wrap(zip.read(manifest, MAX_MANIFEST).toArray()));
  }

  /** A file in META-INF: whatever is there, v1 leaves it out. */
  private Optional<String> uncovered() {
    return ZipFile.parse(input).entries().stream()
        .filter(e -> !e.folder())
        .map(ZipEntry::name)
        .filter(n -> n.startsWith("META-INF/") && !n.equals("META-INF/MANIFEST.MF"))
        .findFirst();
  }

  private static void refuse(boolean bad, String message, String hint) {
    if (bad) {
      throw malformed(message, hint);
    }
  }

  private static ArtifactException malformed(String message, String hint) {
    return new ArtifactException("SGC-ARTIFACT-MALFORMED", message, hint);
  }
}
