// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublishFolderTest {
  private static final Samples SAMPLES = new Samples(Instant.parse("2026-11-21T12:00:00Z"));
  private static final Issued SIGNER = ManifestSamples.signer(SAMPLES);
  private static final Bytes PROGRAM = PeBuilder.x64().sections(2, 3000).build();
  private static final Bytes VENDORS =
      SAMPLES.unstamped(PeBuilder.x64().sections(1, 999).build(), Map.of(), SAMPLES.leaf);
  private static final Bytes FILE = ManifestSamples.published(PROGRAM, VENDORS);
  private static final String FILES = "Application Files/Acme_1_0_0_0/";
  private static final Bytes SIGNED = stamped(FILE, Map.of());

  @TempDir private Path folder;

  private static Bytes stamped(Bytes file, Map<String, String> options) {
    return ManifestSamples.sign(file, options, SIGNER, Optional.of(SAMPLES.tsa));
  }

  private static VerificationReport verify(Bytes file) {
    return ManifestSamples.verify(file, SAMPLES.policy());
  }

  private static Bytes entry(Bytes archive, String name) {
    ZipFile zip = ZipFile.parse(Artifact.of(archive));
    return zip.read(zip.entry(name).orElseThrow(), 1 << 20);
  }

  private static Bytes with(Bytes archive, String name, Bytes content) {
    var artifact = Artifact.of(archive);
    var patch =
        ZipFile.parse(artifact)
            .edit()
            .remove(name)
            .putLast(NewEntry.deflated(name, content, SAMPLES.now))
            .patch();
    var out = artifact.with(patch);
    return out.read(0, (int) out.size());
  }

  @Test
  void bothManifestsAreGoodForOthersAndNameWhatLiesThere() throws IOException {
    Path root = Files.writeString(folder.resolve("root.pem"), SAMPLES.ca.rootPem());
    var oracle = new ManifestOracle(folder, root);
    Bytes deployment = entry(SIGNED, "Acme.application");
    Bytes application = entry(SIGNED, FILES + "Acme.exe.manifest");
    oracle.judge(deployment, true);
    oracle.judge(application, true);
    ManifestOracle.names(deployment, application);
    ManifestOracle.names(application, PROGRAM);
    ManifestOracle.names(application, VENDORS);
    ManifestOracle.names(application, Bytes.utf8("text"));
    assertThat(entry(SIGNED, FILES + "Acme.application")).isEqualTo(deployment);
    assertThat(entry(SIGNED, FILES + "Acme.exe.deploy")).isEqualTo(PROGRAM);
    assertThat(entry(SIGNED, "Application Files/Acme_0_9_0_0/Acme.application").toUtf8())
        .isEqualTo("an older one");
  }

  @Test
  void theReportHasBothSignaturesAndTheStrangers() {
    VerificationReport report = verify(SIGNED);
    assertThat(report.status()).as("%s", report).isEqualTo(Status.VALID);
    assertThat(report.signatures()).hasSize(2).allMatch(s -> s.timestamp().isPresent());
    assertThat(report.fileChecks().getFirst().detail())
        .contains("Acme.application 1.0.0.0", "of Acme.exe 1.0.0.0");
    assertThat(Samples.warnings(report)).contains(CheckName.HIDDEN_DATA);
    assertThat(verify(FILE).status()).isEqualTo(Status.UNSIGNED);
  }

  @Test
  void programsAreSignedOnlyIfAskedForAndNobodySignedThem() {
    Bytes signed = stamped(FILE, Map.of("sign_payload", "true"));
    assertThat(verify(signed).status()).isEqualTo(Status.VALID);
    Bytes program = entry(signed, FILES + "Acme.exe.deploy");
    assertThat(SAMPLES.verify(program).status()).isEqualTo(Status.VALID);
    assertThat(entry(signed, FILES + "lib/Acme.Core.dll.deploy")).isEqualTo(VENDORS);
    assertThat(entry(signed, "setup.exe")).isEqualTo(entry(FILE, "setup.exe"));
    ManifestOracle.names(entry(signed, FILES + "Acme.exe.manifest"), program);
  }

  @Test
  void changesAnywhereAreNoticed() {
    for (String name :
        List.of(
            FILES + "Acme.exe.deploy",
            FILES + "lib/Acme.Core.dll.deploy",
            FILES + "data/t\u00e9xt & more.txt.deploy")) {
      Bytes changed = with(SIGNED, name, Bytes.concat(entry(SIGNED, name), Bytes.of((byte) 1)));
      assertThat(verify(changed).status()).as(name).isEqualTo(Status.INVALID);
      assertThat(refusals(verify(changed))).containsExactly(CheckName.CONTENT_DIGEST);
    }
    String manifest = FILES + "Acme.exe.manifest";
    Bytes resigned =
        ManifestSamples.sign(entry(SIGNED, manifest), Map.of(), SIGNER, Optional.empty());
    assertThat(refusals(verify(with(SIGNED, manifest, resigned))))
        .containsExactly(CheckName.METADATA);
    Bytes unsigned = ManifestSamples.removed(entry(SIGNED, "Acme.application"));
    assertThat(verify(with(SIGNED, "Acme.application", unsigned)).status())
        .isEqualTo(Status.INVALID);
  }

  @Test
  void foldersThatDoNotFitTogetherAreRefusedBeforeTheKeyIsUsed() {
    var full = ManifestSamples.folder(PROGRAM, VENDORS);
    refused(full.deflated("Other.application", ManifestSamples.deployment()).build(), "two deploy");
    refused(
        new ZipBuilder().deflated("Acme.application", ManifestSamples.deployment()).build(),
        "not in the archive");
    refused(
        new ZipBuilder()
            .deflated("Acme.application", ManifestSamples.deployment())
            .deflated(FILES + "Acme.exe.manifest", ManifestSamples.application())
            .build(),
        "names Acme.exe");
    refused(
        new ZipBuilder().deflated("a.application", ManifestSamples.application()).build(),
        "no deployment manifest");
    refused(ManifestSamples.folder(PROGRAM, VENDORS).deflated("SETUP.exe", "x").build(), "twice");
  }

  private static void refused(Bytes archive, String why) {
    assertThatThrownBy(() -> stamped(archive, Map.of()))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining(why);
  }

  @Test
  void removingAndSigningAgainComeToTheSame() {
    Bytes bare = ManifestSamples.removed(SIGNED);
    assertThat(verify(bare).status()).isEqualTo(Status.UNSIGNED);
    assertThat(entry(bare, FILES + "Acme.exe.manifest").toUtf8())
        .contains("0000000000000000")
        .doesNotContain("Signature");
    ManifestOracle.names(entry(bare, "Acme.application"), entry(bare, FILES + "Acme.exe.manifest"));
    Bytes again = stamped(stamped(bare, Map.of()), Map.of());
    assertThat(verify(again).status()).isEqualTo(Status.VALID);
    assertThat(entry(again, "Acme.application").toUtf8().split("StrongNameSignature", -1))
        .hasSize(2);
  }

  @Test
  void imprintsOfProgramsAreOfNoUseWithoutTheOption() {
    Options asked = Options.of(ManifestSamples.FORMAT.descriptor(), Map.of("sign_payload", "true"));
    Options plain = Options.of(ManifestSamples.FORMAT.descriptor(), Map.of());
    var signer = TestSigner.of(ManifestSamples.FORMAT, asked, SIGNER);
    var _ = ManifestSamples.FORMAT.sign(Artifact.of(FILE), asked, signer);
    assertThat(signer.asked()).hasSize(5);
    Imprint program = signer.asked().getFirst();
    assertThat(ManifestSamples.FORMAT.toBeSigned(program, asked, signer.context()))
        .isInstanceOf(ToBeSigned.Cms.class);
    refuses(program, plain, signer);
    refuses(with(program, "manifest", program.facts()), asked, signer);
    var more = new TreeMap<>(program.facts());
    more.put("unknown", "fact");
    refuses(with(program, "publish", more), asked, signer);
    more.clear();
    more.put("part", "manifest");
    assertThat(
            ManifestSamples.FORMAT.toBeSigned(
                with(program, "publish", more), asked, signer.context()))
        .isInstanceOf(ToBeSigned.SignedInfo.class);
  }

  private static Imprint with(Imprint imprint, String kind, SortedMap<String, String> facts) {
    return new Imprint(
        imprint.format(),
        kind,
        imprint.digest(),
        imprint.artifact(),
        imprint.signer(),
        imprint.parts(),
        facts);
  }

  private static void refuses(Imprint imprint, Options options, TestSigner signer) {
    assertThatThrownBy(() -> ManifestSamples.FORMAT.toBeSigned(imprint, options, signer.context()))
        .isInstanceOf(ImprintException.class);
  }

  @Test
  void manifestsThatNameAFileAgainAndAgainAreRefused() {
    String text = ManifestSamples.application().toUtf8();
    String one = text.substring(text.indexOf("<file "), text.indexOf("</file>") + 7);
    Bytes manifest = Bytes.utf8(text.replace(one, one + one.replace("data\\t", "DATA/t")));
    Bytes file =
        ManifestSamples.folder(Bytes.utf8("MZ"), Bytes.utf8("MZ"))
            .deflated("Application Files/Acme_1_0_0_0/Acme.exe.manifest", manifest)
            .build();
    assertThatThrownBy(() -> ManifestSamples.verify(file, SAMPLES.policy()))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("twice");
  }
}
