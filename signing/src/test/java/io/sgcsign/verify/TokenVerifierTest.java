// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.assembly.TestTsa;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import io.sgcsign.verify.VerificationReport.Status;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.Test;

final class TokenVerifierTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Digest IMPRINT = Digest.sha256(Bytes.utf8("stamped"));
  private final TestAuthority ca =
      TestAuthority.create(
          new TestAuthority.Setup(KeyType.EC_P256, NOW, true, null), new SecureRandom());
  private final Issued tsa = ca.issue(LeafProfile.timeStamping("TSA TEST", KeyType.EC_P256, NOW));
  private final PathFinder paths = PathFinder.to(TrustStore.of(List.of(ca.root())));

  private StampJudgement judge(Bytes token) {
    return TokenVerifier.judge(
        token, a -> a == DigestAlgorithm.SHA256 ? IMPRINT.value() : Bytes.EMPTY, paths, List.of());
  }

  private Bytes tstInfo() {
    Bytes token = TestTsa.of(tsa, InstantSource.fixed(NOW)).stamp(IMPRINT).der();
    return CmsStructure.parse(token).digested();
  }

  /** A token of the right key whose ESS attribute, if there is one, is {@code value}. */
  private Bytes token(String contentType, String oid, Optional<Bytes> value) throws Exception {
    var more = new ASN1EncodableVector();
    if (value.isPresent()) {
      var id = new ASN1ObjectIdentifier(oid);
      var parsed = ASN1Primitive.fromByteArray(value.get().toArray());
      more.add(new Attribute(id, new DERSet(parsed)));
    }
    var digests = new JcaDigestCalculatorProviderBuilder().build();
    var generator = new CMSSignedDataGenerator();
    generator.addSignerInfoGenerator(
        new JcaSignerInfoGeneratorBuilder(digests)
            .setSignedAttributeGenerator(
                new DefaultSignedAttributeTableGenerator(new AttributeTable(more)))
            .build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(tsa.keys().getPrivate()),
                tsa.certificate()));
    generator.addCertificates(new JcaCertStore(tsa.chain().certificates()));
    var content =
        new CMSProcessableByteArray(new ASN1ObjectIdentifier(contentType), tstInfo().toArray());
    return Bytes.wrap(generator.generate(content, true).getEncoded("DER"));
  }

  private static Optional<Bytes> ess(DigestAlgorithm algorithm, Issued named) {
    Bytes hash = Digest.of(algorithm, CertificateChain.der(named.certificate())).value();
    Bytes id = DerWriter.sequence(DerWriter.octetString(hash));
    return Optional.of(DerWriter.sequence(DerWriter.sequence(id)));
  }

  private static List<CheckName> failed(StampJudgement judged) {
    return judged.report().orElseThrow().checks().stream()
        .filter(c -> c.outcome() == Outcome.FAILED)
        .map(Check::name)
        .toList();
  }

  @Test
  void takesBothVersionsOfTheSignersName() throws Exception {
    Bytes first = token(Oids.TST_INFO, Oids.SIGNING_CERTIFICATE, ess(DigestAlgorithm.SHA1, tsa));
    assertThat(judge(first).status()).isEqualTo(Status.VALID);
    assertThat(failed(judge(first))).isEmpty();
    Bytes second =
        token(Oids.TST_INFO, Oids.SIGNING_CERTIFICATE_V2, ess(DigestAlgorithm.SHA256, tsa));
    assertThat(failed(judge(second))).isEmpty();
  }

  @Test
  void refusesATokenThatNamesAnotherSigner() throws Exception {
    Issued other = ca.issue(LeafProfile.timeStamping("TSA TEST", KeyType.EC_P256, NOW));
    for (String oid : List.of(Oids.SIGNING_CERTIFICATE, Oids.SIGNING_CERTIFICATE_V2)) {
      var algorithm =
          oid.equals(Oids.SIGNING_CERTIFICATE) ? DigestAlgorithm.SHA1 : DigestAlgorithm.SHA256;
      var judged = judge(token(Oids.TST_INFO, oid, ess(algorithm, other)));
      assertThat(judged.status()).isEqualTo(Status.INVALID);
      assertThat(failed(judged)).containsExactly(CheckName.SIGNED_ATTRIBUTES);
    }
    var garbage = Optional.of(DerWriter.sequence());
    assertThat(judge(token(Oids.TST_INFO, Oids.SIGNING_CERTIFICATE_V2, garbage)).sound()).isFalse();
  }

  @Test
  void warnsOfATokenThatDoesNotNameItsSigner() throws Exception {
    var judged = judge(token(Oids.TST_INFO, "", Optional.empty()));
    assertThat(judged.status()).isEqualTo(Status.VALID);
    assertThat(failed(judged)).containsExactly(CheckName.SIGNED_ATTRIBUTES);
  }

  @Test
  void refusesWhatIsNoToken() throws Exception {
    Bytes data = token("1.2.840.113549.1.7.1", "", Optional.empty());
    assertThat(judge(data).status()).isEqualTo(Status.INVALID);
    assertThat(judge(Bytes.EMPTY).report()).isEmpty();
  }

  @Test
  void saysThatNobodyTrustedVouches() {
    Bytes token = TestTsa.of(tsa, InstantSource.fixed(NOW)).stamp(IMPRINT).der();
    var judged =
        TokenVerifier.judge(
            token, _ -> IMPRINT.value(), PathFinder.to(TrustStore.of(List.of())), List.of());
    assertThat(judged.status()).isEqualTo(Status.UNTRUSTED);
    assertThat(judged.sound()).isTrue();
    assertThat(judged.valid()).isFalse();
  }
}
