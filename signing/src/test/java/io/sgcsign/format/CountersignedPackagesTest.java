// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSAttributeTableGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationStore;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.CollectionStore;
import org.junit.jupiter.api.Test;

/** Repository counter-signatures as NuGet.org makes them, made here with Bouncy Castle. */
final class CountersignedPackagesTest {
  private static final Samples SAMPLES = new Samples(Instant.parse("2026-11-21T12:00:00Z"));
  private static final String RECEIPT = "1.2.840.113549.1.9.16.6.2";
  private static final String ORIGIN = "1.2.840.113549.1.9.16.6.1";
  private static final Bytes AUTHORED =
      PackageSamples.sign(
          PackageSamples.nupkg(),
          Map.of(),
          PackageSamples.signer(SAMPLES),
          Optional.of(SAMPLES.tsa));
  private static final Issued REPOSITORY =
      SAMPLES.ca.issue(LeafProfile.codeSigning("Gallery TEST", KeyType.RSA_2048, SAMPLES.now));

  private static Attribute attribute(String oid, ASN1Encodable value) {
    return new Attribute(new ASN1ObjectIdentifier(oid), new DERSet(value));
  }

  private static CMSAttributeTableGenerator attributes(String commitment) {
    return parameters -> {
      AttributeTable table =
          new AttributeTable(
              new DERSet(
                  new ASN1Encodable[] {
                    new Attribute(
                        CMSAttributes.signingTime, new DERSet(new Time(Date.from(SAMPLES.now)))),
                    attribute(
                        "1.2.840.113549.1.9.16.2.16",
                        new DERSequence(new ASN1ObjectIdentifier(commitment))),
                    attribute(
                        "1.3.6.1.4.1.311.84.2.1.1.1",
                        new DERIA5String("https://gallery.example/v3/index.json")),
                    attribute(
                        "1.3.6.1.4.1.311.84.2.1.1.2",
                        new DERSequence(
                            new ASN1Encodable[] {
                              new DERUTF8String("acme"), new DERUTF8String("zoë")
                            })),
                    attribute(
                        "1.2.840.113549.1.9.16.2.47",
                        new SigningCertificateV2(
                            new ESSCertIDv2(
                                Digest.sha256(REPOSITORY.chain().encoded().getFirst())
                                    .value()
                                    .toArray())))
                  }));
      AttributeTable usual =
          new DefaultSignedAttributeTableGenerator(table).getAttributes(parameters);
      // RFC 5652 §11.4: a counter-signature has no content type
      return usual.remove(CMSAttributes.contentType);
    };
  }

  private static Bytes block(Bytes file) {
    return PackageSamples.block(file);
  }

  private static Bytes withBlock(Bytes file, Bytes block) {
    var edit = ZipFile.parse(Artifact.of(file)).edit().remove(".signature.p7s");
    var patch = edit.putLast(NewEntry.stored(".signature.p7s", block, SAMPLES.now)).patch();
    var out = Artifact.of(file).with(patch);
    return out.read(0, (int) out.size());
  }

  private static Bytes countersigned(Bytes file, String commitment, int times)
      throws CMSException, OperatorCreationException, IOException, CertificateEncodingException {
    var cms = new CMSSignedData(block(file).toArray());
    SignerInformation author = cms.getSignerInfos().iterator().next();
    for (int i = 0; i < times; i++) {
      var generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .setSignedAttributeGenerator(attributes(commitment))
              .build(
                  new JcaContentSignerBuilder("SHA256withRSA")
                      .build(REPOSITORY.keys().getPrivate()),
                  REPOSITORY.certificate()));
      author =
          SignerInformation.addCounterSigners(author, generator.generateCounterSigners(author));
    }
    CMSSignedData changed =
        CMSSignedData.replaceSigners(cms, new SignerInformationStore(List.of(author)));
    var certificates = new ArrayList<>(changed.getCertificates().getMatches(null));
    certificates.add(new JcaX509CertificateHolder(REPOSITORY.certificate()));
    changed =
        CMSSignedData.replaceCertificatesAndCRLs(
            changed,
            new CollectionStore<>(certificates),
            changed.getAttributeCertificates(),
            changed.getCRLs());
    return withBlock(file, Bytes.wrap(changed.toASN1Structure().getEncoded("DER")));
  }

  private static VerificationReport verify(Bytes file) {
    return PackageSamples.verify(file, SAMPLES.policy());
  }

  @Test
  void verifiesTheAuthorsSignatureAndTheRepositorys() throws Exception {
    VerificationReport report = verify(countersigned(AUTHORED, RECEIPT, 1));
    assertThat(refusals(report)).isEmpty();
    assertThat(report.status()).isEqualTo(Status.VALID);
    assertThat(report.signatures())
        .extracting(SignatureReport::path)
        .containsExactly("0", "0.counter.0");
    SignatureReport repository = report.signatures().getLast();
    assertThat(repository.subject()).startsWith("CN=Gallery TEST");
    assertThat(repository.checks())
        .anyMatch(c ->
            c.detail()
                .equals(
                    "repository signature of https://gallery.example/v3/index.json,"
                        + " owners: acme, zoë"));
    // the author's stamp is the token, not the counter-signature
    assertThat(report.primary().orElseThrow().timestamp().orElseThrow().type())
        .isEqualTo("rfc3161");
  }

  @Test
  void refusesACounterSignatureOfAnAuthorAndASecondOne() throws Exception {
    assertThat(refusals(verify(countersigned(AUTHORED, ORIGIN, 1))))
        .containsExactly(CheckName.SIGNED_ATTRIBUTES);
    VerificationReport two = verify(countersigned(AUTHORED, RECEIPT, 2));
    assertThat(two.status()).isEqualTo(Status.INVALID);
    assertThat(two.signatures()).hasSize(3);
  }

  @Test
  void refusesACounterSignatureOfAnotherPackage() throws Exception {
    Bytes other = countersigned(AUTHORED, RECEIPT, 1);
    Bytes unstamped =
        PackageSamples.sign(
            PackageSamples.nupkg(77), Map.of(), PackageSamples.signer(SAMPLES), Optional.empty());
    var moved = new CMSSignedData(block(unstamped).toArray());
    SignerInformation author = moved.getSignerInfos().iterator().next();
    SignerInformation stranger =
        new CMSSignedData(block(other).toArray()).getSignerInfos().iterator().next();
    var counter = stranger.getUnsignedAttributes().get(CMSAttributes.counterSignature);
    author =
        SignerInformation.replaceUnsignedAttributes(
            author, new AttributeTable(new DERSet(counter)));
    Bytes forged =
        Bytes.wrap(
            CMSSignedData.replaceSigners(moved, new SignerInformationStore(List.of(author)))
                .toASN1Structure()
                .getEncoded("DER"));
    VerificationReport report = verify(withBlock(unstamped, forged));
    assertThat(report.status()).isEqualTo(Status.INVALID);
    assertThat(report.primary().orElseThrow().status()).isEqualTo(Status.VALID);
    assertThat(report.signatures().getLast().status()).isEqualTo(Status.INVALID);
  }

  @Test
  void refusesAnUnsignedAttributeOfAnUnknownKind() throws Exception {
    var cms = new CMSSignedData(block(AUTHORED).toArray());
    SignerInformation author = cms.getSignerInfos().iterator().next();
    var more =
        author
            .getUnsignedAttributes()
            .add(
                new ASN1ObjectIdentifier("1.3.6.1.4.1.311.2.4.1"), new DEROctetString(new byte[9]));
    author = SignerInformation.replaceUnsignedAttributes(author, more);
    Bytes block =
        Bytes.wrap(
            CMSSignedData.replaceSigners(cms, new SignerInformationStore(List.of(author)))
                .toASN1Structure()
                .getEncoded("DER"));
    assertThat(refusals(verify(withBlock(AUTHORED, block)))).containsExactly(CheckName.HIDDEN_DATA);
  }
}
