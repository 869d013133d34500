// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.cms.SignedDataEdit;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.layout.pe.WinCertificate;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.signature.ToBeSigned.Attribute;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AuthenticodeFormatTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Issued SIGNER =
      TestAuthority.simple(KeyType.EC_P256, NOW, new SecureRandom())
          .issue(LeafProfile.codeSigning("Format TEST", KeyType.EC_P256, NOW));
  private static final SignatureFormat FORMAT = Formats.byName("authenticode").orElseThrow();
  private static final PeBuilder PE = PeBuilder.x64();

  private static Options options(Map<String, String> given) {
    return Options.of(FORMAT.descriptor(), given);
  }

  private static Bytes sign(Bytes file, Map<String, String> given) {
    var artifact = Artifact.of(file);
    var signer = TestSigner.of(FORMAT, options(given), SIGNER);
    if (FORMAT.sign(artifact, options(given), signer) instanceof Signed.Patched patched) {
      var out = artifact.with(patched.patch());
      return out.read(0, (int) out.size());
    }
    throw new AssertionError("Authenticode patches");
  }

  private static List<WinCertificate> entries(Bytes file) {
    return PeFile.parse(Artifact.of(file)).certificates().entries();
  }

  private static ToBeSigned.Cms toBeSigned(Map<String, String> given) {
    var signer = TestSigner.of(FORMAT, options(given), SIGNER);
    var _ = FORMAT.sign(Artifact.of(PE.build()), options(given), signer);
    var imprint = signer.asked().getFirst();
    if (FORMAT.toBeSigned(imprint, options(given), signer.context()) instanceof ToBeSigned.Cms c) {
      return c;
    }
    throw new AssertionError("Authenticode is CMS");
  }

  @Test
  void writesTheImageDataAsSigntoolDoes() {
    // SEQUENCE { SPC_PE_IMAGE_DATA, { flags "", [0] { [2] { [0] "" } } } }, then DigestInfo
    assertThat(toBeSigned(Map.of()).digested().toHex())
        .startsWith(
            "3017060a2b06010401823702010f3009030100a004a2028000"
                + "3031300d060960864801650304020105000420");
  }

  @Test
  void writesAnEmptyOpusInfoAndTheIndividualPurposeWithoutDescription() {
    assertThat(toBeSigned(Map.of()).signedAttributes())
        .containsExactly(
            new Attribute("1.3.6.1.4.1.311.2.1.12", List.of(Bytes.fromHex("3000"))),
            new Attribute(
                "1.3.6.1.4.1.311.2.1.11", List.of(Bytes.fromHex("300c060a2b060104018237020115"))));
  }

  @Test
  void writesDescriptionAsUtf16AndUrlAsAscii() {
    var attributes = toBeSigned(Map.of("description", "é", "url", "u")).signedAttributes();
    assertThat(attributes.getFirst().values())
        .containsExactly(Bytes.fromHex("300b" + "a0048002" + "00e9" + "a1038001" + "75"));
  }

  @Test
  void refusesAUrlThatIsNotAscii() {
    assertThatThrownBy(() -> toBeSigned(Map.of("url", "https://example.org/é")))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining("url");
  }

  @Test
  void nestsTheSecondDigestOfADualSignature() {
    var entries = entries(sign(PE.build(), Map.of("hash", "sha1,sha256")));
    assertThat(entries).hasSize(1);
    assertThat(SignedDataEdit.parse(entries.getFirst().content()).nested()).hasSize(1);
  }

  @Test
  void putsSignaturesOfAnEfiProgramSideBySide() {
    Bytes dual = sign(PeBuilder.efi().build(), Map.of("hash", "sha1,sha256"));
    assertThat(entries(dual)).hasSize(2);
    Bytes three = sign(dual, Map.of("existing", "append"));
    assertThat(entries(three)).hasSize(3).startsWith(entries(dual).getFirst());
    assertThat(entries(three))
        .allSatisfy(e -> assertThat(SignedDataEdit.parse(e.content()).nested()).isEmpty());
  }

  @Test
  void appendingToAnUnsignedFileSignsIt() {
    assertThat(entries(sign(PE.build(), Map.of("existing", "append")))).hasSize(1);
  }

  @Test
  void removesToTheOriginalLengthAndTakesAnUnsignedFileAsItIs() {
    Bytes file = PE.build();
    var bare = removed(sign(file, Map.of()));
    assertThat(bare.size()).isEqualTo(file.size());
    assertThat(PeFile.parse(bare).signed()).isFalse();
    var same = removed(file);
    assertThat(same.read(0, (int) same.size())).isEqualTo(file);
  }

  private static Artifact removed(Bytes file) {
    var artifact = Artifact.of(file);
    return artifact.with(FORMAT.remove(artifact).orElseThrow());
  }

  @Test
  void refusesToLoseDataHiddenInTheSignatureAreaUnlessAskedToRemoveIt() {
    Bytes signature = entries(sign(PE.build(), Map.of())).getFirst().content();
    Bytes content = Bytes.concat(signature, Bytes.utf8("a payload of sixteen bytes"));
    Bytes table = PeBuilder.entry(8L + content.size(), content);
    Bytes tricky = PE.withTable(PE.build(), table);
    for (String existing : List.of("append", "replace")) {
      assertThatThrownBy(() -> sign(tricky, Map.of("existing", existing)))
          .isInstanceOfSatisfying(
              ArtifactException.class,
              e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-HIDDEN-DATA"));
    }
    assertThat(PeFile.parse(removed(tricky)).signed()).isFalse();
  }

  @Test
  void keepsOrRefusesButNeverDropsForeignEntriesWhenAppending() {
    Bytes x509 = PeBuilder.u16(PeBuilder.entry(16, Bytes.wrap(new byte[8])), 6, 1);
    Bytes odd = PE.withTable(PE.build(), x509);
    assertThatThrownBy(() -> sign(odd, Map.of("existing", "append")))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("no Authenticode signatures");
    assertThat(entries(sign(odd, Map.of()))).hasSize(1);
  }

  @Test
  void refusesToAppendToGarbage() {
    Bytes garbage =
        PE.withTable(PE.build(), PeBuilder.entry(16, Bytes.fromHex("3006020100020100")));
    assertThatThrownBy(() -> sign(garbage, Map.of("existing", "append")))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.hint()).contains("if_signed=replace"));
  }
}
