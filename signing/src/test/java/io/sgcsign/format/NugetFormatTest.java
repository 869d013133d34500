// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.flip;
import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.signature.SignerException;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import io.sgcsign.wire.Code;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NugetFormatTest {
  private static final Samples SAMPLES = new Samples(Instant.parse("2026-11-21T12:00:00Z"));
  private static final Issued SIGNER = PackageSamples.signer(SAMPLES);
  private static final Bytes FILE = PackageSamples.nupkg();
  private static final Bytes SIGNED = stamped(FILE);

  private static Bytes stamped(Bytes file) {
    return PackageSamples.sign(file, Map.of(), SIGNER, Optional.of(SAMPLES.tsa));
  }

  private static VerificationReport verify(Bytes file) {
    return PackageSamples.verify(file, SAMPLES.policy());
  }

  @Test
  void verifiesWhatItSignedAndTellsWhatItIs() {
    VerificationReport report = verify(SIGNED);
    assertThat(refusals(report)).isEmpty();
    assertThat(report.status()).isEqualTo(Status.VALID);
    assertThat(report.fileChecks().getFirst().detail()).isEqualTo("package Acme.Tools 1.2.3-rc.1");
    assertThat(report.facts()).isEqualTo(Map.of("id", "Acme.Tools", "version", "1.2.3-rc.1"));
    assertThat(verify(FILE).facts()).isEqualTo(report.facts());
    var signature = report.primary().orElseThrow();
    assertThat(signature.survivesExpiry()).isTrue();
    assertThat(signature.checks()).anyMatch(c -> c.detail().equals("author signature"));
    var later = SAMPLES.policy().at(SAMPLES.now.plus(5 * 365, ChronoUnit.DAYS));
    assertThat(PackageSamples.verify(SIGNED, later).valid()).isTrue();
    assertThat(verify(FILE).status()).isEqualTo(Status.UNSIGNED);
  }

  @Test
  void rejectsChangesOfContentSignatureAndLength() {
    int dll = (int) ZipFile.parse(Artifact.of(FILE)).entries().get(2).dataAt();
    assertThat(refusals(verify(flip(SIGNED, dll + 5, 1))))
        .containsExactly(CheckName.CONTENT_DIGEST);
    var entry = ZipFile.parse(Artifact.of(SIGNED)).entry(".signature.p7s").orElseThrow();
    var random = new Random(4);
    for (int i = 0; i < 200; i++) {
      int at = (int) entry.dataAt() + random.nextInt((int) entry.size());
      assertThatIsNotValid(flip(SIGNED, at, 1 + random.nextInt(255)));
    }
    assertThatIsNotValid(SIGNED.slice(0, SIGNED.size() - 1));
    assertThatIsNotValid(Bytes.concat(SIGNED, Bytes.utf8("x")));
  }

  private static void assertThatIsNotValid(Bytes file) {
    try {
      assertThat(verify(file).valid()).isFalse();
    } catch (ArtifactException e) {
      assertThat(e.code()).startsWith("SGC-ARTIFACT-");
    }
  }

  @Test
  void rejectsAnEntryThatWasAddedAndOneThatWasRemoved() {
    var edit = ZipFile.parse(Artifact.of(SIGNED)).edit();
    var more = edit.putLast(NewEntry.stored("evil.ps1", Bytes.utf8("x"), SAMPLES.now)).patch();
    var added = Artifact.of(SIGNED).with(more);
    assertThat(refusals(verify(added.read(0, (int) added.size()))))
        .containsExactly(CheckName.CONTENT_DIGEST);
    var less = ZipFile.parse(Artifact.of(SIGNED)).edit().remove("content/empty.txt").patch();
    var removed = Artifact.of(SIGNED).with(less);
    assertThat(refusals(verify(removed.read(0, (int) removed.size()))))
        .containsExactly(CheckName.CONTENT_DIGEST);
  }

  @Test
  void rejectsASignatureFileThatIsCompressed() {
    Bytes block = PackageSamples.FORMAT.blocks(Artifact.of(SIGNED)).getFirst();
    var edit = ZipFile.parse(Artifact.of(FILE)).edit();
    var patch = edit.putLast(NewEntry.deflated(".signature.p7s", block, SAMPLES.now)).patch();
    var file = Artifact.of(FILE).with(patch);
    VerificationReport report = verify(file.read(0, (int) file.size()));
    assertThat(refusals(report)).containsExactly(CheckName.STRUCTURE);
    assertThat(report.status()).isEqualTo(Status.INVALID);
  }

  @Test
  void staysTheSameInRoundsOfSigningAndRemoving() {
    Bytes file = SIGNED;
    for (int round = 0; round < 5; round++) {
      file = PackageSamples.sign(file, Map.of("hash", "sha512"), SIGNER, Optional.empty());
      file = stamped(file);
      assertThat(verify(file).valid()).isTrue();
      assertThat(PackageSamples.removed(file)).isEqualTo(FILE);
    }
    assertThat(PackageSamples.removed(FILE)).isEqualTo(FILE);
  }

  @Test
  void findsASignatureThatIsNotTheLastEntry() {
    Bytes block = PackageSamples.FORMAT.blocks(Artifact.of(SIGNED)).getFirst();
    var edit = ZipFile.parse(Artifact.of(FILE)).edit();
    var patch = edit.putFirst(NewEntry.stored(".signature.p7s", block, SAMPLES.now)).patch();
    var file = Artifact.of(FILE).with(patch);
    Bytes first = file.read(0, (int) file.size());
    assertThat(verify(first).valid()).isTrue();
    assertThat(PackageSamples.removed(first)).isEqualTo(FILE);
  }

  @Test
  void refusesASecondSignatureAndKeysNugetDoesNotKnow() {
    assertThatThrownBy(() ->
            PackageSamples.sign(SIGNED, Map.of("existing", "append"), SIGNER, Optional.empty()))
        .isInstanceOfSatisfying(
            SignerException.Refused.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo(Code.ALREADY_SIGNED);
              assertThat(e.problem().detail()).contains("exactly one primary signature");
              assertThat(e.problem().hint()).contains("if_signed=replace");
            });
    Bytes first = PackageSamples.sign(FILE, Map.of("existing", "append"), SIGNER, Optional.empty());
    assertThat(verify(first).valid()).isTrue();
    Options options = Options.of(PackageSamples.FORMAT.descriptor(), Map.of());
    var ec = TestSigner.of(PackageSamples.FORMAT, options, SAMPLES.leaf);
    assertThatThrownBy(() -> PackageSamples.FORMAT.sign(Artifact.of(FILE), options, ec))
        .isInstanceOfSatisfying(
            SignerException.Refused.class,
            e -> assertThat(e.problem().code()).isEqualTo(Code.CERTIFICATE_UNFIT));
    assertThat(ec.asked()).isEmpty();
  }

  @Test
  void tellsSymbolPackagesByTheirManifest() {
    Options options = Options.of(PackageSamples.FORMAT.descriptor(), Map.of());
    var signer = TestSigner.of(PackageSamples.FORMAT, options, SIGNER);
    var _ = PackageSamples.FORMAT.sign(Artifact.of(PackageSamples.snupkg()), options, signer);
    var _ = PackageSamples.FORMAT.sign(Artifact.of(FILE), options, signer);
    assertThat(signer.asked()).extracting(i -> i.kind()).containsExactly("snupkg", "nupkg");
  }

  @Test
  void refusesWhatIsNoPackageOrTwo() {
    refuses(new ZipBuilder().deflated("a", "a").build(), "UNRECOGNISED", "no .nuspec");
    refuses(
        PackageSamples.builder("").deflated("b.nuspec", "b").build(), "MALFORMED", "two manifests");
    refuses(
        PackageSamples.builder("")
            .deflated(".Signature.P7S", "x")
            .stored(".signature.p7s", FILE)
            .build(),
        "MALFORMED",
        "twice");
    refuses(Bytes.utf8("no archive at all, but long enough"), "UNRECOGNISED", "no ZIP");
  }

  private static void refuses(Bytes file, String code, String message) {
    for (Runnable what :
        List.<Runnable>of(
            () -> stamped(file), () -> verify(file), () -> PackageSamples.removed(file))) {
      assertThatThrownBy(what::run)
          .isInstanceOfSatisfying(
              ArtifactException.class, e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-" + code))
          .hasMessageContaining(message);
    }
  }

  @Test
  void touchesNothingButTheDirectoryAndItsEnd() {
    ZipEntry last = ZipFile.parse(Artifact.of(FILE)).entries().getLast();
    assertThat(SIGNED.slice(0, (int) last.end())).isEqualTo(FILE.slice(0, (int) last.end()));
  }
}
