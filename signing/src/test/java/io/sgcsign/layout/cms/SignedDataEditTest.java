// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignedDataEditTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Issued SIGNER =
      TestAuthority.simple(KeyType.EC_P256, NOW, new SecureRandom())
          .issue(LeafProfile.codeSigning("CMS TEST", KeyType.EC_P256, NOW));
  private static final Bytes A = DerWriter.sequence(DerWriter.integer(1));
  private static final Bytes B = DerWriter.sequence(DerWriter.integer(0));
  private static final String OTHER = "1.2.3.4";

  /** As Bouncy Castle writes it; {@code encoding} BER has indefinite lengths. */
  private static Bytes signed(String encoding) throws Exception {
    var generator = new CMSSignedDataGenerator();
    var content = new JcaContentSignerBuilder("SHA256withECDSA").build(SIGNER.keys().getPrivate());
    generator.addSignerInfoGenerator(
        new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
            .build(content, SIGNER.certificate()));
    generator.addCertificates(new JcaCertStore(SIGNER.chain().certificates()));
    return Bytes.wrap(
        generator
            .generate(new CMSProcessableByteArray(new byte[] {1, 2, 3}), true)
            .toASN1Structure()
            .getEncoded(encoding));
  }

  private static void verifies(Bytes der) throws Exception {
    SignerInformation signer =
        new CMSSignedData(der.toArray()).getSignerInfos().getSigners().iterator().next();
    assertThat(
            signer.verify(
                new JcaSimpleSignerInfoVerifierBuilder()
                    .build(SIGNER.certificate().getPublicKey())))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"DER", "BER"})
  void nestsInOrderAndTakesOffAgain(String encoding) throws Exception {
    var plain = SignedDataEdit.parse(signed(encoding));
    assertThat(plain.nested()).isEmpty();
    var nested = plain.nest(A).nest(B);
    verifies(nested.der());
    assertThat(SignedDataEdit.parse(nested.der()).nested()).containsExactly(A, B);
    assertThat(nested.withoutNested().der()).isEqualTo(plain.der());
  }

  @Test
  void keepsEveryByteOfADerStructure() throws Exception {
    Bytes der = signed("DER");
    assertThat(SignedDataEdit.parse(der).der()).isEqualTo(der);
    assertThat(SignedDataEdit.parse(der).nest(A).withoutNested().der()).isEqualTo(der);
  }

  @Test
  void leavesOtherUnsignedAttributesAlone() throws Exception {
    var edited =
        SignedDataEdit.parse(signed("DER")).withUnsignedAttribute(OTHER, List.of(A)).nest(B);
    assertThat(edited.unsignedAttribute(OTHER)).containsExactly(A);
    assertThat(edited.withoutNested().unsignedAttribute(OTHER)).containsExactly(A);
    assertThat(edited.withUnsignedAttribute(OTHER, List.of(B)).unsignedAttribute(OTHER))
        .containsExactly(B);
    assertThat(edited.withUnsignedAttribute(OTHER, List.of()).unsignedAttribute(OTHER)).isEmpty();
    verifies(edited.der());
  }

  @Test
  void refusesWhatIsNoSignedData() {
    for (Bytes bad :
        List.of(
            Bytes.EMPTY, A, Bytes.utf8("no ASN.1"), DerWriter.sequence(), Bytes.fromHex("3080"))) {
      assertThatThrownBy(() -> SignedDataEdit.parse(bad))
          .isInstanceOfSatisfying(
              ArtifactException.class,
              e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-MALFORMED"));
    }
  }

  @Test
  void throwsNothingButArtifactExceptionsOnMutations() throws Exception {
    Bytes good = SignedDataEdit.parse(signed("DER")).nest(A).der();
    var random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = good.toArray();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try {
        var _ = SignedDataEdit.parse(Bytes.wrap(bytes)).nest(B).der();
      } catch (ArtifactException _) {
        refused++;
      }
    }
    assertThat(refused).isBetween(20, 4_000);
  }
}
