// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.find;
import static io.sgcsign.format.Samples.flip;
import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.signature.SignerException;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** APKs that we signed and Debian's apksigner judges, and the other way round. */
final class ApkOracleTest {
  private static final String PASSWORD = "changeit";
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final Issued rsa = issued(KeyType.RSA_2048, "RSA TEST");

  @TempDir Path folder;

  private Issued issued(KeyType type, String name) {
    return samples.ca.issue(LeafProfile.codeSigning(name, type, samples.now));
  }

  private Path write(Bytes file) throws IOException {
    return Files.write(Files.createTempFile(folder, "f", ".apk"), file.toArray());
  }

  /** Insists that apksigner verifies every scheme and no other. */
  private void apksignerAccepts(Bytes file, int sdk, String schemes) throws IOException {
    String said =
        Tool.require("apksigner").succeed("verify", "--min-sdk-version", sdk, "-v", write(file));
    assertThat(said).contains("Verifies");
    // above Android 6 it does not look at v1 where there is another
    for (String scheme : List.of("v1", "v2", "v3")) {
      if (!scheme.equals("v1") || sdk < 24) {
        assertThat(said.matches("(?s).*Verified using " + scheme + " scheme [^\n]*: true.*"))
            .as(scheme + " " + said)
            .isEqualTo(schemes.contains(scheme));
      }
    }
  }

  private void accepts(Bytes file, int signatures) {
    var report = ApkSamples.verify(file, samples.policy());
    assertThat(refusals(report)).isEmpty();
    assertThat(report.status()).isEqualTo(Status.VALID);
    assertThat(report.signatures()).hasSize(signatures);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, 21, 'v1,v2,v3', rsa-pkcs1/sha256",
    "RSA_4096, 21, 'v1,v2,v3', rsa-pkcs1/sha512",
    "EC_P256, 21, 'v1,v2,v3', ecdsa/sha256",
    "EC_P384, 24, 'v1,v2,v3', ecdsa/sha512",
    "RSA_3072, 24, 'v2,v3', rsa-pkcs1/sha256",
    "RSA_2048, 24, 'v3', rsa-pkcs1/sha256",
    "EC_P256, 24, 'v2', ecdsa/sha256",
    "RSA_2048, 19, 'v1', rsa-pkcs1/sha256"
  })
  void apksignerAcceptsEveryKindOfKeyAndScheme(
      KeyType type, int sdk, String schemes, String algorithm) throws IOException {
    Bytes signed =
        ApkSamples.sign(
            schemes.equals("v1") ? ApkSamples.covered(sdk) : ApkSamples.apk(sdk),
            Map.of("schemes", schemes),
            issued(type, "APK TEST"));
    accepts(signed, schemes.split(",", -1).length);
    // v3 alone is for Android 9 and newer
    apksignerAccepts(signed, schemes.equals("v3") ? 28 : sdk, schemes);
    SignatureReport primary = ApkSamples.verify(signed, samples.policy()).primary().orElseThrow();
    assertThat(primary.subject()).contains("APK TEST");
    assertThat(primary.signatureAlgorithm()).isEqualTo(algorithm);
  }

  @Test
  void verifiesWhatApksignerSigned() throws IOException {
    Path keys = folder.resolve("keys.p12");
    Files.write(keys, rsa.pkcs12(PASSWORD.toCharArray(), "key").toArray());
    Path file = write(ApkSamples.apk(21));
    Tool.require("apksigner")
        .succeed(
            "sign",
            "--ks",
            keys,
            "--ks-pass",
            "pass:" + PASSWORD,
            "--v4-signing-enabled",
            "false",
            file);
    accepts(Bytes.wrap(Files.readAllBytes(file)), 3);
  }

  @Test
  void trustsOnlyCertificatesThatThePolicyNames() {
    Bytes signed = ApkSamples.sign(ApkSamples.apk(24), Map.of(), rsa);
    var nobody = VerificationPolicy.of(List.of(), samples.now, Set.of());
    assertThat(ApkSamples.verify(signed, nobody).status()).isEqualTo(Status.UNTRUSTED);
    var pinned = VerificationPolicy.of(List.of(rsa.certificate()), samples.now, Set.of());
    assertThat(ApkSamples.verify(signed, pinned).status()).isEqualTo(Status.VALID);
    var other =
        VerificationPolicy.of(
            List.of(issued(KeyType.EC_P256, "Other").certificate()), samples.now, Set.of());
    assertThat(ApkSamples.verify(signed, other).status()).isEqualTo(Status.UNTRUSTED);
    assertThat(ApkSamples.verify(ApkSamples.apk(24), pinned).status()).isEqualTo(Status.UNSIGNED);
  }

  @Test
  void replacesAndRemovesSignaturesUntilTheFileIsAsItWas() throws IOException {
    Bytes bare = ApkSamples.apk(21);
    assertThat(ApkSamples.removed(bare)).isEqualTo(bare);
    Bytes once = ApkSamples.sign(bare, Map.of(), rsa);
    Bytes again =
        ApkSamples.sign(once, Map.of("schemes", "v1,v2"), issued(KeyType.EC_P256, "Next"));
    accepts(again, 2);
    apksignerAccepts(again, 21, "v1,v2");
    assertThat(ApkSamples.removed(once)).isEqualTo(bare);
    assertThat(ApkSamples.removed(again)).isEqualTo(bare);
    assertThatThrownBy(() -> ApkSamples.sign(once, Map.of("existing", "append"), rsa))
        .isInstanceOf(SignerException.Refused.class)
        .hasMessageContaining("one signer");
  }

  @Test
  void refusesEveryChangeOfASignedFile() {
    for (String schemes : List.of("v1", "v2", "v3", "v1,v2,v3")) {
      Bytes signed = ApkSamples.sign(ApkSamples.covered(21), Map.of("schemes", full(schemes)), rsa);
      ZipFile zip = ZipFile.parse(Artifact.of(signed));
      int dex = (int) zip.entry("classes.dex").orElseThrow().dataAt();
      refuses(flip(signed, dex + 3, 1));
      refuses(signed.slice(0, signed.size() - 5));
      refuses(Bytes.concat(signed, Bytes.utf8("x")));
      var evil = NewEntry.stored("evil.dex", Bytes.utf8("x"), samples.now);
      var added = Artifact.of(signed).with(zip.edit().putLast(evil).patch());
      refuses(added.read(0, (int) added.size()));
      Bytes value = ApkSamples.FORMAT.blocks(Artifact.of(signed)).getFirst();
      int at =
          schemes.equals("v1")
              ? (int) zip.entry("META-INF/SGCSIGN.RSA").orElseThrow().dataAt()
              : find(signed, value);
      refuses(flip(signed, at + 9, 1));
    }
  }

  /** A file for Android 5 needs v1. */
  private static String full(String schemes) {
    return schemes.contains("v1") ? schemes : "v1," + schemes;
  }

  private void refuses(Bytes file) {
    try {
      assertThat(ApkSamples.verify(file, samples.policy()).status()).isEqualTo(Status.INVALID);
    } catch (ArtifactException e) {
      assertThat(e.code()).startsWith("SGC-ARTIFACT-");
    }
  }

  @Test
  void refusesUnknownDataInTheSigningBlock() {
    Bytes signed = ApkSamples.sign(ApkSamples.apk(24), Map.of("schemes", "v2,v3"), rsa);
    int padding = find(signed, Bytes.fromHex("77657242"));
    Bytes renamed = flip(signed, padding, 1);
    assertThat(refusals(ApkSamples.verify(renamed, samples.policy())))
        .contains(CheckName.HIDDEN_DATA);
    Bytes filled = flip(signed, padding + 9, 1);
    assertThat(refusals(ApkSamples.verify(filled, samples.policy())))
        .contains(CheckName.HIDDEN_DATA);
  }

  @Test
  void saysWhichSchemesAnAndroidNeeds() {
    assertThatThrownBy(() -> ApkSamples.sign(ApkSamples.apk(21), Map.of("schemes", "v2,v3"), rsa))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("SDK 21");
    assertThatThrownBy(() -> ApkSamples.sign(ApkSamples.apk(16), Map.of(), rsa))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("SHA-1");
    assertThatThrownBy(() -> ApkSamples.sign(ApkSamples.apk(21), Map.of("schemes", "v1"), rsa))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("META-INF/services/acme.Service");
  }
}
