// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.signature.SignerException;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClickOnceFormatTest {
  private static final Samples SAMPLES = new Samples(Instant.parse("2026-11-21T12:00:00Z"));
  private static final Issued SIGNER = ManifestSamples.signer(SAMPLES);
  private static final Bytes FILE = ManifestSamples.application();
  private static final Bytes SIGNED = stamped(FILE);

  @TempDir private Path folder;

  private static Bytes stamped(Bytes file) {
    return ManifestSamples.sign(file, Map.of(), SIGNER, Optional.of(SAMPLES.tsa));
  }

  private static VerificationReport verify(Bytes file) {
    return ManifestSamples.verify(file, SAMPLES.policy());
  }

  private static Bytes changed(String from, String to) {
    String text = SIGNED.toUtf8();
    assertThat(text).contains(from);
    return Bytes.utf8(text.replaceFirst(java.util.regex.Pattern.quote(from), to));
  }

  @Test
  void othersFindBothSignaturesGood() throws IOException {
    Path root = Files.writeString(folder.resolve("root.pem"), SAMPLES.ca.rootPem());
    var oracle = new ManifestOracle(folder, root);
    oracle.judge(SIGNED, true);
    oracle.judge(stamped(ManifestSamples.deployment()), true);
    oracle.judge(ManifestSamples.sign(FILE, Map.of(), SIGNER, Optional.empty()), false);
    Tool.require("xmllint").succeed("--noout", Files.write(folder.resolve("x"), SIGNED.toArray()));
  }

  @Test
  void xmlsecVerifiesTheSha1Form() throws IOException {
    Path root = Files.writeString(folder.resolve("root.pem"), SAMPLES.ca.rootPem());
    var options = Map.of("hash", "sha1", "description", "A <b> & \"c\"");
    Bytes signed = ManifestSamples.sign(FILE, options, SIGNER, Optional.empty());
    new ManifestOracle(folder, root).judgeLegacy(signed);
    assertThat(verify(signed).status()).isEqualTo(Status.VALID);
    assertThat(Samples.warnings(verify(signed))).contains(CheckName.ALGORITHMS);
  }

  @Test
  void signedManifestsVerifyWithStampPublisherAndIdentity() {
    VerificationReport report = verify(SIGNED);
    assertThat(report.status()).as("%s", report).isEqualTo(Status.VALID);
    assertThat(report.primary().orElseThrow().timestamp()).isPresent();
    assertThat(report.primary().orElseThrow().survivesExpiry()).isTrue();
    assertThat(report.fileChecks().getFirst().detail())
        .matches("application manifest Acme.exe 1.0.0.0 \\(publicKeyToken [0-9a-f]{16}\\)")
        .doesNotContain("0000000000000000");
    String token = report.facts().get("public_key_token");
    assertThat(token).matches("[0-9a-f]{16}").isNotEqualTo("0000000000000000");
    assertThat(report.facts())
        .containsEntry("name", "Acme.exe")
        .containsEntry("version", "1.0.0.0");
    VerificationReport deployment = verify(stamped(ManifestSamples.deployment()));
    assertThat(deployment.fileChecks().getFirst().detail()).contains("of Acme.exe 1.0.0.0");
    assertThat(deployment.facts())
        .containsEntry("name", "Acme.application")
        .containsEntry("public_key_token", token)
        .containsEntry("application", "Acme.exe 1.0.0.0 (publicKeyToken 0000000000000000)");
    assertThat(SIGNED.toUtf8()).contains("name=\"CN=&quot;Manifest, &quot;&quot;TEST");
  }

  @Test
  void surviveTheCertificateOnlyWithAStamp() {
    var late = SAMPLES.policy().at(SAMPLES.now.plus(3000, ChronoUnit.DAYS));
    assertThat(ManifestSamples.verify(SIGNED, late).status()).isEqualTo(Status.VALID);
    Bytes bare = ManifestSamples.sign(FILE, Map.of(), SIGNER, Optional.empty());
    assertThat(ManifestSamples.verify(bare, late).status()).isEqualTo(Status.EXPIRED);
  }

  @Test
  void removingGivesBackTheOriginal() {
    assertThat(ManifestSamples.removed(SIGNED)).isEqualTo(FILE);
    assertThat(verify(FILE).status()).isEqualTo(Status.UNSIGNED);
    assertThat(ManifestSamples.removed(FILE)).isEqualTo(FILE);
  }

  @Test
  void fiveRoundsOfReplacingLeaveOneSignature() {
    Bytes file = SIGNED;
    for (int i = 0; i < 5; i++) {
      file = stamped(file);
      assertThat(verify(file).status()).isEqualTo(Status.VALID);
    }
    assertThat(file.toUtf8().split("StrongNameSignature", -1)).hasSize(2);
    assertThat(ManifestSamples.removed(file)).isEqualTo(FILE);
  }

  @ParameterizedTest
  @CsvSource({
    "Acme.exe' size=, Acme.exf' size=, CONTENT_DIGEST",
    "lib\\Acme.Core.dll, lib\\Acme.Cora.dll, CONTENT_DIGEST",
    "publicKeyToken=, publicKeyTokem=, STRUCTURE",
    "<as:SignedBy/>, <as:SignedBy></as:SignedBy><as:SignedBy/>, CONTENT_DIGEST",
    "Description='', Description='x', CONTENT_DIGEST",
  })
  void changesAreNoticed(String from, String to, CheckName by) {
    Bytes file = changed(from.replace('\'', '"'), to.replace('\'', '"').replace("\\", "\\\\"));
    if (by == CheckName.STRUCTURE) {
      assertThatThrownBy(() -> verify(file)).isInstanceOf(ArtifactException.class);
    } else {
      assertThat(verify(file).status()).isEqualTo(Status.INVALID);
      assertThat(refusals(verify(file))).contains(by);
    }
  }

  @Test
  void otherSignatureValuesAreNoticed() {
    for (String id : new String[] {"StrongNameSignature", "AuthenticodeSignature"}) {
      String text = SIGNED.toUtf8();
      int at = text.indexOf("<SignatureValue>", text.indexOf(id)) + 30;
      char other = text.charAt(at) == 'A' ? 'B' : 'A';
      Bytes file = Bytes.utf8(text.substring(0, at) + other + text.substring(at + 1));
      assertThat(verify(file).status()).isEqualTo(Status.INVALID);
      assertThat(refusals(verify(file))).contains(CheckName.SIGNATURE_VALUE);
    }
  }

  @Test
  void aLicenceOfAnotherManifestIsNoticed() {
    String other = stamped(ManifestSamples.deployment()).toUtf8();
    String theirs = other.substring(other.indexOf("<r:license"), other.indexOf("</r:license>"));
    String text = SIGNED.toUtf8();
    String ours = text.substring(text.indexOf("<r:license"), text.indexOf("</r:license>"));
    VerificationReport report = verify(Bytes.utf8(text.replace(ours, theirs)));
    assertThat(report.status()).isEqualTo(Status.INVALID);
    assertThat(refusals(report)).containsExactly(CheckName.SIGNED_ATTRIBUTES);
  }

  @Test
  void signaturesInOtherPlacesAreNotBelieved() {
    String text = SIGNED.toUtf8();
    String signature = text.substring(text.indexOf("<Signature Id"), text.lastIndexOf("</asmv1"));
    String body = text.replace(signature, "");
    String wrapped =
        body.replace("<application />", "<application>" + signature + "</application>");
    String twice = text.replace("</asmv1:assembly>", signature + "</asmv1:assembly>");
    String before = body.replace("<application />", signature + "<application />");
    for (String bad : new String[] {wrapped, before}) {
      assertThat(verify(Bytes.utf8(bad)).status()).isEqualTo(Status.INVALID);
    }
    assertThatThrownBy(() -> verify(Bytes.utf8(twice)))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("have the Id");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<KeyInfo Id=\"StrongNameKeyInfo\">|<KeyInfo Id=\"StrongNameKeyInfo\"><x/>",
        "</KeyInfo></Signature></asmv1|</KeyInfo><Object>evil</Object></Signature></asmv1",
        "</X509Data>|<X509CRL>AAAA</X509CRL></X509Data>",
        "<as:Timestamp |text<as:Timestamp ",
      })
  void nothingHidesBesideTheSignature(String change) {
    Bytes file =
        changed(
            change.substring(0, change.indexOf('|')), change.substring(change.indexOf('|') + 1));
    assertThat(verify(file).status()).isEqualTo(Status.INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x.dtd\">"
      })
  void documentTypesAreRefused(String doctype) {
    Bytes file = Bytes.utf8(FILE.toUtf8().replace("?>\r\n<asm", "?>" + doctype + "<asm"));
    assertThatThrownBy(() -> verify(file))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("line 1");
    assertThat(ManifestSamples.FORMAT.recognise(Artifact.of(file), "a.manifest")).isEmpty();
  }

  @Test
  void deepDocumentsOtherEncodingsAndOtherManifestsAreRefused() {
    String deep = "<x>".repeat(5000) + "</x>".repeat(5000);
    for (String bad :
        new String[] {
          FILE.toUtf8().replace("<application />", deep),
          FILE.toUtf8().replace("utf-8", "utf-16"),
          "<assembly xmlns=\"urn:schemas-microsoft-com:asm.v1\" manifestVersion=\"1.0\"/>",
          FILE.toUtf8().substring(0, 900),
          FILE.toUtf8() + "appended"
        }) {
      assertThatThrownBy(() -> stamped(Bytes.utf8(bad))).isInstanceOf(ArtifactException.class);
    }
  }

  @Test
  void manyReferencesToCharactersAreNoEntities() {
    String many = "<application />" + "<!-- -->" + "&amp;".repeat(120_000);
    Bytes signed = stamped(Bytes.utf8(FILE.toUtf8().replace("<application />", many)));
    assertThat(verify(signed).status()).isEqualTo(Status.VALID);
  }

  @Test
  void ellipticKeysAndASecondSignatureAreRefusedBeforeTheKeyIsUsed() {
    Issued elliptic =
        SAMPLES.ca.issue(LeafProfile.codeSigning("EC TEST", KeyType.EC_P256, SAMPLES.now));
    refuses(FILE, Map.of(), elliptic, Code.CERTIFICATE_UNFIT);
    refuses(SIGNED, Map.of("existing", "append"), SIGNER, Code.ALREADY_SIGNED);
  }

  private static void refuses(Bytes file, Map<String, String> given, Issued issued, Code code) {
    Options options = Options.of(ManifestSamples.FORMAT.descriptor(), given);
    var signer = TestSigner.of(ManifestSamples.FORMAT, options, issued);
    assertThatThrownBy(() -> ManifestSamples.FORMAT.sign(Artifact.of(file), options, signer))
        .isInstanceOfSatisfying(
            SignerException.Refused.class, e -> assertThat(e.problem().code()).isEqualTo(code));
    assertThat(signer.asked()).isEmpty();
  }

  @Test
  void theTokenOfMicrosoftsKeyIsTheKnownOne() {
    // the public key of Microsoft's own assemblies, as every reference to them prints it
    assertThat(
            io.sgcsign.format.clickonce.StrongNameFixture.tokenOf(
                "07d1fa57c4aed9f0a32e84aa0faefd0de9e8fd6aec8f87fb03766c834c99921eb23be79ad9d5dcc1"
                    + "dd9ad236132102900b723cf980957fc4e177108fc607774f29e8320e92ea05ece4e821c0a5ef"
                    + "e8f1645c4c0c93c1ab99285d622caa652c1dfad63d745d6f2de5f17e5eaf0fc4963d261c8a12"
                    + "436518206dc093344d5ad293"))
        .isEqualTo("b03f5f7f11d50a3a");
  }
}
