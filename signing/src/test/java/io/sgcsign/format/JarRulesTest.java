// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.layout.zip.ZipEdit;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no signature of a JAR file covers, and what two readers would read differently. */
final class JarRulesTest {
  private static final Samples SAMPLES = new Samples(Instant.parse("2026-11-21T12:00:00Z"));
  private static final Issued SIGNER =
      SAMPLES.ca.issue(LeafProfile.codeSigning("Rules TEST", KeyType.EC_P256, SAMPLES.now));
  private static final Map<String, String> APPEND = Map.of("existing", "append");
  private static final Bytes SIGNED = sign(JarSamples.jar(), Map.of());

  private static Bytes sign(Bytes file, Map<String, String> options) {
    return JarSamples.sign(file, options, SIGNER, Optional.empty());
  }

  private static ZipEdit edit() {
    return ZipFile.parse(Artifact.of(SIGNED)).edit();
  }

  private static Bytes patched(ZipEdit edit) {
    var out = Artifact.of(SIGNED).with(edit.patch());
    return out.read(0, (int) out.size());
  }

  private static Bytes with(String name) {
    return patched(edit().putLast(NewEntry.stored(name, Bytes.utf8("x"), SAMPLES.now)));
  }

  private static void refuses(Bytes file, CheckName check) {
    var report = JarSamples.verify(file, SAMPLES.policy());
    assertThat(report.status()).isEqualTo(Status.INVALID);
    assertThat(refusals(report)).contains(check);
  }

  private static void malformed(Bytes file, Map<String, String> options, String code, String said) {
    assertThatThrownBy(() -> sign(file, options))
        .isInstanceOfSatisfying(
            ArtifactException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e).hasMessageContaining(said);
              assertThat(e.hint()).isNotBlank();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme/Evil.class",
        "META-INF/evil.txt",
        "META-INF/x/A.SF",
        "META-INF/SIG-evil.class",
        "META-INF/versions/21/Evil.class",
        "SGCSIGN.RSA"
      })
  void refusesFilesThatTheSignatureDoesNotName(String name) {
    refuses(with(name), CheckName.CONTENT_DIGEST);
    malformed(with(name), APPEND, "SGC-ARTIFACT-MALFORMED", name);
    var again = JarSamples.verify(sign(with(name), Map.of()), SAMPLES.policy());
    assertThat(again.status()).isEqualTo(Status.VALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "META-INF/EVIL.RSA",
        "META-INF/evil.ec",
        "META-INF/sgcsign.dsa",
        "META-INF/SGCSIGN.RSA",
        "META-INF/SIG-EVIL",
        "META-INF/sig-evil.txt"
      })
  void refusesFilesOfSignaturesThatAreNone(String name) {
    refuses(with(name), CheckName.HIDDEN_DATA);
    malformed(with(name), APPEND, "SGC-ARTIFACT-HIDDEN-DATA", "belongs to no signature");
    Bytes again = sign(with(name), Map.of());
    assertThat(ZipFile.parse(Artifact.of(again)).entry(name)).isEmpty();
    assertThat(JarSamples.verify(again, SAMPLES.policy()).status()).isEqualTo(Status.VALID);
  }

  @Test
  void refusesASecondSignatureFileOfTheSameName() {
    refuses(with("META-INF/sgcsign.sf"), CheckName.STRUCTURE);
  }

  @Test
  void refusesWhatLiesBeforeAndBetweenTheEntries() {
    var zip = ZipFile.parse(Artifact.of(SIGNED));
    var entry = zip.entry("acme/Main.class").orElseThrow();
    var first = zip.entry("META-INF/MANIFEST.MF").orElseThrow();
    for (int at : new int[] {(int) first.headerAt(), (int) entry.headerAt()}) {
      Bytes file = JarSamples.shifted(SIGNED, at, Bytes.utf8("hidden"));
      refuses(file, CheckName.HIDDEN_DATA);
      malformed(file, Map.of(), "SGC-ARTIFACT-HIDDEN-DATA", "6 bytes");
    }
  }

  @Test
  void refusesASignatureFileThatJavaWouldIgnore() {
    var zip = ZipFile.parse(Artifact.of(SIGNED));
    Bytes old = zip.read(zip.entry("META-INF/SGCSIGN.SF").orElseThrow(), 1 << 20);
    for (String from : List.of("Signature-Version: 1.0", "Name: acme/Main.class")) {
      assertThat(old.toUtf8()).contains(from);
      Bytes other = Bytes.utf8(old.toUtf8().replace(from, from + "x"));
      var entry = NewEntry.deflated("META-INF/SGCSIGN.SF", other, SAMPLES.now);
      refuses(
          patched(edit().remove("META-INF/SGCSIGN.SF").putFirst(entry)), CheckName.CONTENT_DIGEST);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " continued\r\n\r\n",
        "Manifest-Version: 1.0\r\nno colon\r\n\r\n",
        "Manifest-Version: 1.0\r\na:b: c\r\n\r\n",
        "\ufeffManifest-Version: 1.0\r\n\r\n",
        "Manifest-Version: 1.0\r\nA: 1\r\na: 2\r\n\r\n",
        "Manifest-Version: 1.0\r\n\r\nName: a\r\n\r\nName: a\r\n\r\n",
        "Name: a\r\nManifest-Version: 1.0\r\n\r\n",
        "Name: x\r\n\r\nName: a\r\n\r\nName: a\r\n\r\n",
        "Manifest-Version: 1.0\r\n\r\nX: 1\r\nName: a\r\n\r\n",
        "Manifest-Version: 1.0\r\n\r\nSealed: true\r\n\r\n",
        "Manifest-Version: 1.0\r\n\r\nName: a\r\nMagic: unheard-of\r\n\r\n"
      })
  void refusesManifestsThatTwoReadersWouldReadDifferently(String manifest) {
    Bytes file = new ZipBuilder().deflated("META-INF/MANIFEST.MF", manifest).build();
    malformed(file, Map.of(), "SGC-ARTIFACT-MALFORMED", "manifest");
  }

  @Test
  void refusesOtherSpellingsOfTheManifestAndOddNames() {
    Bytes lower = new ZipBuilder().deflated("META-INF/manifest.mf", "").build();
    assertThatThrownBy(() -> JarSamples.verify(lower, SAMPLES.policy()))
        .isInstanceOf(ArtifactException.class);
    for (String name : List.of("a/b", "lower", "LONGERTHAN8", "")) {
      assertThatThrownBy(() -> sign(JarSamples.jar(), Map.of("signer_name", name)))
          .isInstanceOf(OptionException.class);
    }
  }

  @Test
  void refusesMoreSignaturesThanAnybodyMakes() {
    var zip = new ZipBuilder().deflated("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n");
    for (int i = 0; i < 60_000; i++) {
      zip.stored("META-INF/" + i + ".SF", Bytes.EMPTY);
    }
    Bytes file = zip.build();
    assertThatThrownBy(() ->
            assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> JarSamples.verify(file, SAMPLES.policy())))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e).hasMessageContaining("60000 signatures"));
  }

  @Test
  void refusesManifestsOfMoreLinesThanAnyFileNeeds() {
    Bytes file =
        new ZipBuilder()
            .stored(
                "META-INF/MANIFEST.MF",
                Bytes.utf8("Manifest-Version: 1.0\r\n" + "a: \r\n b\r\n".repeat(600_000)))
            .build();
    malformed(file, Map.of(), "SGC-ARTIFACT-MALFORMED", "lines");
  }
}
