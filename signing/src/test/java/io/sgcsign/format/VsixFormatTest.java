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
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.SignerException;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VsixFormatTest {
  private static final Samples SAMPLES = new Samples(Instant.parse("2026-11-21T12:00:00Z"));
  private static final Issued SIGNER = ExtensionSamples.signer(SAMPLES);
  private static final Bytes FILE = ExtensionSamples.vsix();
  private static final Bytes SIGNED = stamped(FILE);

  @TempDir private Path folder;

  private static Bytes stamped(Bytes file) {
    return ExtensionSamples.sign(file, Map.of(), SIGNER, Optional.of(SAMPLES.tsa));
  }

  private static VerificationReport verify(Bytes file) {
    return ExtensionSamples.verify(file, SAMPLES.policy());
  }

  private static Bytes edited(Bytes archive, String name, Optional<Bytes> content) {
    var artifact = Artifact.of(archive);
    var edit = ZipFile.parse(artifact).edit().remove(name);
    content.ifPresent(c -> edit.putLast(NewEntry.deflated(name, c, SAMPLES.now)));
    var out = artifact.with(edit.patch());
    return out.read(0, (int) out.size());
  }

  private static Bytes entry(Bytes archive, String name) {
    ZipFile zip = ZipFile.parse(Artifact.of(archive));
    return zip.read(zip.entry(name).orElseThrow(), 1 << 20);
  }

  private static String signaturePart(Bytes archive) {
    return ZipFile.parse(Artifact.of(archive)).entries().stream()
        .map(ZipEntry::name)
        .filter(n -> n.endsWith(".psdsxs"))
        .findFirst()
        .orElseThrow();
  }

  /** The signed sample with another text in its signature part. */
  private static Bytes changed(String from, String to) {
    String part = signaturePart(SIGNED);
    String xml = entry(SIGNED, part).toUtf8();
    assertThat(xml).contains(from);
    return edited(SIGNED, part, Optional.of(Bytes.utf8(xml.replace(from, to))));
  }

  @Test
  void othersFindTheSignatureAndEveryPartGood() throws IOException {
    Path root = Files.writeString(folder.resolve("root.pem"), SAMPLES.ca.rootPem());
    var oracle = new ExtensionOracle(folder, root);
    oracle.judge(SIGNED, true);
    oracle.judge(stamped(ExtensionSamples.withRelationships()), true);
    oracle.judge(ExtensionSamples.sign(FILE, Map.of(), SIGNER, Optional.empty()), false);
  }

  @Test
  void signedExtensionsVerifyWithStampAndIdentity() {
    VerificationReport report = verify(SIGNED);
    assertThat(report.status()).as("%s", report).isEqualTo(Status.VALID);
    assertThat(report.primary().orElseThrow().timestamp()).isPresent();
    assertThat(report.fileChecks().getFirst().detail())
        .isEqualTo("extension Acme.Tools.7d0a 1.2 of Acme");
    assertThat(report.facts())
        .isEqualTo(Map.of("id", "Acme.Tools.7d0a", "version", "1.2", "publisher", "Acme"));
    var late = SAMPLES.policy().at(SAMPLES.now.plus(3000, ChronoUnit.DAYS));
    assertThat(ExtensionSamples.verify(SIGNED, late).status()).isEqualTo(Status.VALID);
    for (String hash : List.of("sha1", "sha384", "sha512")) {
      var options = Map.of("hash", hash);
      Bytes other = ExtensionSamples.sign(FILE, options, SIGNER, Optional.empty());
      assertThat(verify(other).status()).as(hash).isEqualTo(Status.VALID);
    }
  }

  @Test
  void theSignaturePartHasNoWhiteSpaceBetweenElements() {
    assertThat(entry(SIGNED, signaturePart(SIGNED)).toUtf8()).doesNotContainPattern(">\\s+<");
  }

  @Test
  void everyChangedAddedOrMissingPartIsNoticed() {
    List<String> parts =
        ZipFile.parse(Artifact.of(SIGNED)).entries().stream()
            .map(ZipEntry::name)
            .filter(n -> !n.equals("[Content_Types].xml") && !n.endsWith(".psdsxs"))
            .toList();
    assertThat(parts).hasSize(8);
    for (String part : parts) {
      Bytes more = Bytes.concat(entry(SIGNED, part), Bytes.utf8(" "));
      invalid(edited(SIGNED, part, Optional.of(more)));
      invalid(edited(SIGNED, part.equals("extension.vsixmanifest") ? "x" : part, part));
    }
    for (String added : List.of("evil.dll", "package/services/digital-signature/xml-signature/a")) {
      Bytes file = edited(SIGNED, added, Optional.of(Bytes.utf8("evil")));
      assertThat(refusals(verify(file))).containsExactly(CheckName.CONTENT_DIGEST);
    }
  }

  private static void invalid(Bytes file) {
    assertThat(verify(file).status()).isEqualTo(Status.INVALID);
  }

  private static Bytes edited(Bytes archive, String gone, String part) {
    return gone.equals(part)
        ? edited(archive, gone, Optional.empty())
        : edited(archive, part, Optional.of(Bytes.utf8("<PackageManifest/>")));
  }

  @Test
  void anotherContentTypeIsNoticed() {
    String types = entry(SIGNED, "[Content_Types].xml").toUtf8();
    Bytes other = Bytes.utf8(types.replace("image/png", "text/html"));
    Bytes file = edited(SIGNED, "[Content_Types].xml", Optional.of(other));
    assertThat(refusals(verify(file))).containsExactly(CheckName.CONTENT_DIGEST);
  }

  @Test
  void changesOfTheSignatureAreNoticed() {
    String xml = entry(SIGNED, signaturePart(SIGNED)).toUtf8();
    String value = xml.substring(xml.indexOf("<SignatureValue>"), xml.indexOf("</SignatureV"));
    String flipped = value.substring(0, 40) + (value.charAt(40) == 'A' ? 'B' : 'A');
    assertThat(refusals(verify(changed(value.substring(0, 41), flipped))))
        .contains(CheckName.SIGNATURE_VALUE);
    assertThat(refusals(verify(changed("/Acme.Tools.dll?", "/acme.tools.dll?"))))
        .containsExactly(CheckName.CONTENT_DIGEST);
    invalid(changed("URI=\"#idPackageObject\"", "URI=\"#idOther\""));
    invalid(changed("<Object Id=", "<Object Id=\"x\"/><Object Id="));
    invalid(changed("<X509Data>", "<x/><X509Data>"));
    invalid(changed("<Comment></Comment>", "<Comment></Comment><x/>"));
    invalid(changed("</Manifest>", "</Manifest><Manifest/>"));
  }

  @Test
  void aSecondObjectWithTheSignedIdIsNotBelieved() {
    String xml = entry(SIGNED, signaturePart(SIGNED)).toUtf8();
    String object = xml.substring(xml.indexOf("<Object Id"), xml.indexOf("</Object>") + 9);
    invalid(changed(object, object.replace("Acme.Tools.dll", "evil.dll") + object));
  }

  @Test
  void aSecondSignaturePartAndOneNobodyLeadsToAreNotBelieved() {
    String part = signaturePart(SIGNED);
    String folders = part.substring(0, part.lastIndexOf('/') + 1);
    Bytes xml = entry(SIGNED, part);
    invalid(edited(SIGNED, folders + "second.psdsxs", Optional.of(xml)));
    Bytes moved =
        edited(edited(SIGNED, part, Optional.empty()), folders + "m.psdsxs", Optional.of(xml));
    assertThat(refusals(verify(moved))).contains(CheckName.STRUCTURE);
  }

  @Test
  void everyFlippedByteIsNoticed() {
    var random = new Random(3);
    int noticed = 0;
    for (int i = 0; i < 300; i++) {
      Bytes file = flip(SIGNED, random.nextInt(SIGNED.size()), 1 << random.nextInt(8));
      try {
        noticed += verify(file).valid() ? 0 : 1;
      } catch (ArtifactException e) {
        noticed++;
      }
    }
    // times, versions and attributes of entries are no content
    assertThat(noticed).isGreaterThan(230);
    assertThatThrownBy(() -> verify(Bytes.concat(SIGNED, Bytes.utf8("appended"))))
        .isInstanceOf(ArtifactException.class);
    assertThatThrownBy(() -> verify(SIGNED.slice(0, SIGNED.size() - 30)))
        .isInstanceOf(ArtifactException.class);
  }

  @Test
  void removingGivesBackEveryPart() {
    for (Bytes file : List.of(FILE, ExtensionSamples.withRelationships())) {
      Bytes bare = ExtensionSamples.removed(stamped(stamped(file)));
      assertThat(verify(bare).status()).isEqualTo(Status.UNSIGNED);
      var before = ZipFile.parse(Artifact.of(file)).entries().stream().map(ZipEntry::name).toList();
      var after = ZipFile.parse(Artifact.of(bare)).entries().stream().map(ZipEntry::name).toList();
      assertThat(after).containsExactlyInAnyOrderElementsOf(before);
      before.forEach(n -> assertThat(entry(bare, n)).as(n).isEqualTo(entry(file, n)));
      assertThat(ExtensionSamples.removed(file)).isEqualTo(file);
    }
  }

  @Test
  void ellipticKeysAndASecondSignatureAreRefusedBeforeTheKeyIsUsed() {
    Issued elliptic =
        SAMPLES.ca.issue(LeafProfile.codeSigning("EC TEST", KeyType.EC_P256, SAMPLES.now));
    refuses(FILE, Map.of(), elliptic, Code.CERTIFICATE_UNFIT);
    refuses(SIGNED, Map.of("existing", "append"), SIGNER, Code.ALREADY_SIGNED);
  }

  private static void refuses(Bytes file, Map<String, String> given, Issued issued, Code code) {
    Options options = Options.of(ExtensionSamples.FORMAT.descriptor(), given);
    var signer = TestSigner.of(ExtensionSamples.FORMAT, options, issued);
    assertThatThrownBy(() -> ExtensionSamples.FORMAT.sign(Artifact.of(file), options, signer))
        .isInstanceOfSatisfying(
            SignerException.Refused.class, e -> assertThat(e.problem().code()).isEqualTo(code));
    assertThat(signer.asked()).isEmpty();
  }

  @Test
  void packagesThatReadersSeeDifferentlyAreRefused() {
    Bytes twice = ExtensionSamples.builder().deflated("acme.tools.DLL", "x").build();
    assertThatThrownBy(() -> stamped(twice))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("twice");
    Bytes up = ExtensionSamples.builder().deflated("../evil.dll", "x").build();
    assertThatThrownBy(() -> stamped(up)).isInstanceOf(ArtifactException.class);
    assertThatThrownBy(() -> stamped(PackageSamples.nupkg()))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("no Visual Studio extension");
  }

  @Test
  void theTimeInTheListOfPartsIsAboutThatOfTheServer() {
    Options options = Options.of(ExtensionSamples.FORMAT.descriptor(), Map.of());
    var signer = TestSigner.of(ExtensionSamples.FORMAT, options, SIGNER);
    var _ = ExtensionSamples.FORMAT.sign(Artifact.of(FILE), options, signer);
    Imprint imprint = signer.asked().getFirst();
    for (int hours : new int[] {0, 1, 23}) {
      SigningContext later = at(signer.context(), hours);
      assertThat(ExtensionSamples.FORMAT.toBeSigned(imprint, options, later))
          .isInstanceOf(ToBeSigned.SignedInfo.class);
    }
    for (int hours : new int[] {25, -25}) {
      SigningContext far = at(signer.context(), hours);
      assertThatThrownBy(() -> ExtensionSamples.FORMAT.toBeSigned(imprint, options, far))
          .isInstanceOf(ImprintException.class)
          .hasMessageContaining("not now");
    }
  }

  private static SigningContext at(SigningContext context, int hours) {
    return new SigningContext(
        context.chain(),
        context.algorithm(),
        context.time().plus(hours, ChronoUnit.HOURS),
        context.seed(),
        context.maxBlockSize());
  }

  @Test
  void certificatePartsWithoutEndAreRefused() {
    String folders = "package/services/digital-signature/certificate/";
    var artifact = Artifact.of(SIGNED);
    var many = ZipFile.parse(artifact).edit();
    for (int i = 0; i < 33; i++) {
      many.putLast(NewEntry.deflated(folders + i + ".cer", Bytes.utf8("x"), SAMPLES.now));
    }
    var out = artifact.with(many.patch());
    Bytes large = Bytes.wrap(new byte[100_000]);
    for (Bytes file :
        List.of(
            out.read(0, (int) out.size()),
            edited(SIGNED, folders + "large.cer", Optional.of(large)))) {
      assertThat(verify(file).primary().orElseThrow().checks())
          .anyMatch(c -> c.detail().contains("more than"));
    }
  }
}
