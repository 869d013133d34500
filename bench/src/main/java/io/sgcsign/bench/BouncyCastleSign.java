// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import io.sgcsign.pki.Issued;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.PKCS7ProcessableObject;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * The same work as a careful programmer does it with Bouncy Castle in one thread: sign with the
 * fast provider, build the Authenticode CMS, read it again, check the signature. No HTTP, no
 * ledger. What belongs to the key is made once.
 */
final class BouncyCastleSign {
  private static final ASN1ObjectIdentifier INDIRECT_DATA = oid("1.3.6.1.4.1.311.2.1.4");
  private static final ASN1ObjectIdentifier PE_IMAGE_DATA = oid("1.3.6.1.4.1.311.2.1.15");
  private static final ASN1ObjectIdentifier OPUS_INFO = oid("1.3.6.1.4.1.311.2.1.12");
  private static final ASN1ObjectIdentifier STATEMENT_TYPE = oid("1.3.6.1.4.1.311.2.1.11");
  private static final ASN1ObjectIdentifier INDIVIDUAL = oid("1.3.6.1.4.1.311.2.1.21");

  private final SoftwareSign key;
  private final AlgorithmIdentifier algorithm;
  private final X509CertificateHolder leaf;
  private final JcaCertStore certificates;
  private final DigestCalculatorProvider digests;
  private final SignerInformationVerifier verifier;
  private final AttributeTable attributes;

  BouncyCastleSign(Issued signer) throws GeneralSecurityException, OperatorCreationException {
    List<X509Certificate> chain = signer.chain().certificates();
    key = SoftwareSign.of(signer);
    algorithm = new DefaultSignatureAlgorithmIdentifierFinder().find(key.algorithm());
    leaf = holder(chain.getFirst());
    // leaf and intermediate, as we embed them
    certificates = new JcaCertStore(chain.subList(0, Math.min(2, chain.size())));
    digests = new JcaDigestCalculatorProviderBuilder().build();
    verifier =
        new JcaSimpleSignerInfoVerifierBuilder()
            .setProvider(SoftwareSign.PROVIDER)
            .build(signer.certificate());
    attributes = attributes();
  }

  private static X509CertificateHolder holder(X509Certificate certificate)
      throws CertificateEncodingException {
    return new JcaX509CertificateHolder(certificate);
  }

  private static ASN1ObjectIdentifier oid(String text) {
    return new ASN1ObjectIdentifier(text);
  }

  private static AttributeTable attributes() {
    var all = new ASN1EncodableVector();
    all.add(new Attribute(OPUS_INFO, new DERSet(new DERSequence())));
    all.add(new Attribute(STATEMENT_TYPE, new DERSet(new DERSequence(INDIVIDUAL))));
    return new AttributeTable(all);
  }

  /** Signs an image digest; returns the structure. */
  byte[] sign(byte[] imageDigest) throws IOException, CMSException, OperatorCreationException {
    var generator = new CMSSignedDataGenerator();
    generator.addSignerInfoGenerator(
        new SignerInfoGeneratorBuilder(digests)
            .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(attributes))
            .build(new Signing(), leaf));
    generator.addCertificates(certificates);
    var content = new PKCS7ProcessableObject(INDIRECT_DATA, indirectData(imageDigest));
    byte[] der = generator.generate(content, true).toASN1Structure().getEncoded(ASN1Encoding.DER);
    var read = new CMSSignedData(der);
    for (SignerInformation signer : read.getSignerInfos()) {
      if (!signer.verify(verifier)) {
        throw new IllegalStateException("Bouncy Castle's own signature does not verify");
      }
    }
    return der;
  }

  private static DERSequence indirectData(byte[] imageDigest) {
    var file =
        new DERTaggedObject(
            true,
            0,
            new DERTaggedObject(false, 2, new DERTaggedObject(false, 0, new DERBMPString(""))));
    var image = sequence(new org.bouncycastle.asn1.DERBitString(new byte[0]), file);
    var digest =
        sequence(
            new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE),
            new DEROctetString(imageDigest));
    return sequence(sequence(PE_IMAGE_DATA, image), digest);
  }

  private static DERSequence sequence(org.bouncycastle.asn1.ASN1Encodable... items) {
    return new DERSequence(items);
  }

  /** Signs with the fast provider what Bouncy Castle writes. */
  private final class Signing implements ContentSigner {
    private final ByteArrayOutputStream message = new ByteArrayOutputStream(512);

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return algorithm;
    }

    @Override
    public OutputStream getOutputStream() {
      return message;
    }

    @Override
    public byte[] getSignature() {
      try {
        return key.sign(message.toByteArray());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("The baseline cannot sign", e);
      }
    }
  }
}
