// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaCRLStore;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.Test;

/** CMS structures that Bouncy Castle made, common and odd ones. */
final class CmsVerifierTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final TestAuthority CA =
      TestAuthority.create(
          new TestAuthority.Setup(KeyType.EC_P256, NOW, true, null), new SecureRandom());
  private static final Issued RSA = issue(KeyType.RSA_2048);
  private static final Issued EC = issue(KeyType.EC_P256);
  private final CMSSignedDataGenerator generator = new CMSSignedDataGenerator();

  private static Issued issue(KeyType type) {
    return CA.issue(LeafProfile.codeSigning("Someone TEST", type, NOW));
  }

  private static DigestCalculatorProvider digests() throws Exception {
    return new JcaDigestCalculatorProviderBuilder().setProvider(new BouncyCastleProvider()).build();
  }

  private static ContentSigner signer(String algorithm, Issued issued) throws Exception {
    return new JcaContentSignerBuilder(algorithm)
        .setProvider(new BouncyCastleProvider())
        .build(issued.keys().getPrivate());
  }

  private static SignerInfoGenerator info(String algorithm, Issued issued) throws Exception {
    return new JcaSignerInfoGeneratorBuilder(digests())
        .build(signer(algorithm, issued), issued.certificate());
  }

  private void add(String algorithm, Issued issued) throws Exception {
    generator.addSignerInfoGenerator(info(algorithm, issued));
    generator.addCertificates(new JcaCertStore(issued.chain().certificates()));
  }

  private Bytes encoded() throws Exception {
    var content = new CMSProcessableByteArray(new byte[] {1, 2, 3});
    return Bytes.wrap(generator.generate(content, true).getEncoded());
  }

  private static SignatureReport judge(Bytes der) {
    var policy = VerificationPolicy.of(List.of(CA.root()), NOW, Set.of(KeyPurpose.CODE_SIGNING));
    CmsStructure cms = CmsStructure.parse(der);
    return new CmsVerifier(policy).judge("0", cms, cms.digested(), List.of());
  }

  private static List<CheckName> refusals(SignatureReport report) {
    return report.checks().stream().filter(Check::refuses).map(Check::name).distinct().toList();
  }

  @Test
  void acceptsBothTheBerAndTheDerOfBouncyCastle() throws Exception {
    add("SHA256withRSA", RSA);
    Bytes ber = encoded();
    assertThat(ber.at(1)).isEqualTo((byte) 0x80);
    assertThat(judge(ber).status()).isEqualTo(Status.VALID);
  }

  @Test
  void acceptsPssWithAnotherSaltAndNoOtherHash() throws Exception {
    add("SHA256withRSAandMGF1", RSA);
    assertThat(judge(encoded()).signatureAlgorithm()).isEqualTo("rsa-pss/sha256");
    assertThat(judge(encoded()).status()).isEqualTo(Status.VALID);
    var sha384 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha384);
    var sha256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
    var mixed =
        new RSASSAPSSparams(
            sha256,
            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, sha384),
            RSASSAPSSparams.DEFAULT_SALT_LENGTH,
            RSASSAPSSparams.DEFAULT_TRAILER_FIELD);
    var algorithm =
        new CmsStructure.Algorithm("1.2.840.113549.1.1.10", Bytes.wrap(mixed.getEncoded()));
    var signer = CmsStructure.parse(encoded()).signers().getFirst();
    var changed =
        new CmsStructure.SignerInfo(
            signer.issuer(),
            signer.serial(),
            signer.keyId(),
            signer.digest(),
            signer.signedAttributesDer(),
            signer.signedAttributes(),
            algorithm,
            signer.value(),
            List.of());
    assertThat(SignatureScheme.of(changed)).isEmpty();
  }

  @Test
  void findsTheSignerByItsKeyIdentifier() throws Exception {
    byte[] keyId =
        new JcaX509ExtensionUtils()
            .createSubjectKeyIdentifier(EC.keys().getPublic())
            .getKeyIdentifier();
    generator.addSignerInfoGenerator(
        new JcaSignerInfoGeneratorBuilder(digests()).build(signer("SHA256withECDSA", EC), keyId));
    generator.addCertificates(new JcaCertStore(EC.chain().certificates()));
    assertThat(judge(encoded()).status()).isEqualTo(Status.VALID);
  }

  @Test
  void refusesMd5AndShortKeys() throws Exception {
    add("MD5withRSA", RSA);
    assertThat(refusals(judge(encoded()))).contains(CheckName.ALGORITHMS);
    assertThat(judge(encoded()).status()).isEqualTo(Status.INVALID);
    var second = new CmsVerifierTest();
    second.add("SHA256withRSA", issue(KeyType.RSA_1024));
    assertThat(refusals(judge(second.encoded()))).containsExactly(CheckName.ALGORITHMS);
  }

  @Test
  void refusesASignatureWithoutSignedAttributes() throws Exception {
    generator.addSignerInfoGenerator(
        new JcaSignerInfoGeneratorBuilder(digests())
            .setDirectSignature(true)
            .build(signer("SHA256withRSA", RSA), RSA.certificate()));
    generator.addCertificates(new JcaCertStore(RSA.chain().certificates()));
    assertThat(refusals(judge(encoded()))).contains(CheckName.SIGNED_ATTRIBUTES);
  }

  @Test
  void refusesTwoSignersAndNone() throws Exception {
    generator.addCertificates(new JcaCertStore(RSA.chain().certificates()));
    assertThat(refusals(judge(encoded()))).containsExactly(CheckName.STRUCTURE);
    add("SHA256withRSA", RSA);
    add("SHA256withECDSA", EC);
    assertThat(refusals(judge(encoded()))).containsExactly(CheckName.STRUCTURE);
  }

  @Test
  void refusesASignatureWithoutItsCertificate() throws Exception {
    generator.addSignerInfoGenerator(info("SHA256withRSA", RSA));
    var report = judge(encoded());
    assertThat(refusals(report)).containsExactly(CheckName.SIGNATURE_VALUE);
    assertThat(report.certificate()).isEmpty();
    assertThat(report.subject()).isEmpty();
  }

  @Test
  void refusesTheSignatureOfAnotherKey() throws Exception {
    var impostor = new Issued(issue(KeyType.RSA_2048).keys(), RSA.chain());
    add("SHA256withRSA", impostor);
    assertThat(refusals(judge(encoded()))).containsExactly(CheckName.SIGNATURE_VALUE);
  }

  @Test
  void looksIntoRevocationListsThatCameAlong() throws Exception {
    Issued gone = issue(KeyType.EC_P256);
    add("SHA256withECDSA", gone);
    addLists(List.of());
    assertThat(check(judge(encoded()), CheckName.REVOCATION).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(judge(encoded()).status()).isEqualTo(Status.VALID);
    addLists(List.of(gone.certificate()));
    var report = judge(encoded());
    assertThat(report.status()).isEqualTo(Status.REVOKED);
    assertThat(refusals(report)).containsExactly(CheckName.REVOCATION);
  }

  private void addLists(List<X509Certificate> revoked) throws Exception {
    var files = CA.publications(NOW.minusSeconds(60), revoked);
    var factory = CertificateFactory.getInstance("X.509");
    for (String name : List.of("root.crl", "issuing.crl")) {
      Bytes der = java.util.Objects.requireNonNull(files.get(name));
      var list = (X509CRL) factory.generateCRL(new ByteArrayInputStream(der.toArray()));
      generator.addCRLs(new JcaCRLStore(List.of(list)));
    }
  }

  private static Check check(SignatureReport report, CheckName name) {
    return report.checks().stream().filter(c -> c.name() == name).findFirst().orElseThrow();
  }

  @Test
  void givesAClearAnswerToAnythingHostile() throws Exception {
    add("SHA256withECDSA", EC);
    byte[] good = encoded().toArray();
    var random = new Random(3);
    int read = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] bad = good.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      Bytes hostile = Bytes.of(bad, 0, bad.length - (i % 5 == 0 ? random.nextInt(bad.length) : 0));
      try {
        assertThat(judge(hostile).status()).isNotNull();
        read++;
      } catch (ArtifactException e) {
        assertThat(e.code()).isEqualTo("SGC-ARTIFACT-MALFORMED");
      }
    }
    assertThat(read).isBetween(100, 2900);
  }

  @Test
  void refusesWhatIsNoSignedData() {
    for (String hex : List.of("", "3000", "300d06092a864886f70d010701a000", "0500")) {
      assertThatThrownBy(() -> CmsStructure.parse(Bytes.fromHex(hex)))
          .isInstanceOf(ArtifactException.class);
    }
  }
}
