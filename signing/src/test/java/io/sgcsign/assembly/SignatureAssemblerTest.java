// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.key.KeyException;
import io.sgcsign.key.SigningKey;
import io.sgcsign.key.SoftwareKey;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm.Scheme;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.timestamp.TimeStampToken;
import io.sgcsign.timestamp.TimestampAuthority;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bouncy Castle reads and checks what we write by hand. */
final class SignatureAssemblerTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final TestAuthority CA =
      TestAuthority.create(new TestAuthority.Setup(KeyType.EC_P256, NOW, true, null), RANDOM);
  private static final CryptoBackend BACKEND = CryptoBackend.select(RANDOM);
  private static final Provider BOUNCY =
      new BouncyCastleProvider(); // the JDK has no PSS by that name
  private static final Bytes CONTENT = Bytes.utf8("the content");
  private final SignatureAssembler assembler = new SignatureAssembler(BACKEND);

  private static SoftwareKey key(KeyType type) {
    Issued issued = CA.issue(LeafProfile.codeSigning("Signer TEST", type, NOW));
    return SoftwareKey.of(issued.chain(), issued.keys().getPrivate(), BACKEND);
  }

  private static SigningContext context(CertificateChain chain, SignatureAlgorithm algorithm) {
    return new SigningContext(chain, algorithm, NOW, Bytes.EMPTY, 0);
  }

  private static ToBeSigned.Cms data(DigestAlgorithm digest) {
    return new ToBeSigned.Cms(
        PKCSObjectIdentifiers.data.getId(),
        DerWriter.octetString(CONTENT),
        CONTENT,
        digest,
        List.of(
            new ToBeSigned.Attribute("1.2.3", List.of(DerWriter.integer(5), DerWriter.integer(4)))),
        ToBeSigned.TimestampSlot.CMS_SIGNATURE_TIMESTAMP);
  }

  private Bytes assemble(ToBeSigned tbs, SigningKey key, SignatureAlgorithm algorithm) {
    var made =
        assembler.assemble(_ -> tbs, context(key.chain(), algorithm), key, new Stamping.None());
    if (made.block() instanceof SignatureBlock.Cms cms) {
      return cms.der();
    }
    throw new AssertionError("Not CMS: " + made);
  }

  private static SignerInformation verified(Bytes der, CertificateChain chain) throws Exception {
    var data = new CMSSignedData(der.toArray());
    SignerInformation signer = data.getSignerInfos().getSigners().iterator().next();
    assertThat(
            signer
                .getSID()
                .match(new org.bouncycastle.cert.jcajce.JcaX509CertificateHolder(chain.leaf())))
        .isTrue();
    assertThat(
            signer.verify(
                new JcaSimpleSignerInfoVerifierBuilder().setProvider(BOUNCY).build(chain.leaf())))
        .isTrue();
    return signer;
  }

  @ParameterizedTest
  @EnumSource(DigestAlgorithm.class)
  void makesCmsThatBouncyCastleVerifies(DigestAlgorithm digest) throws Exception {
    for (Scheme scheme : Scheme.values()) {
      var key = key(scheme == Scheme.ECDSA ? KeyType.EC_P384 : KeyType.RSA_2048);
      Bytes der = assemble(data(digest), key, new SignatureAlgorithm(scheme, digest));
      SignerInformation signer = verified(der, key.chain());
      assertThat(signer.getDigestAlgOID()).isEqualTo(digest.oid());
      assertThat(signer.getUnsignedAttributes()).isNull();
      assertThat(ASN1Primitive.fromByteArray(der.toArray()).getEncoded(ASN1Encoding.DER))
          .as("is DER already")
          .isEqualTo(der.toArray());
    }
  }

  @Test
  void embedsTheChainWithoutItsRoot() throws Exception {
    var key = key(KeyType.EC_P256);
    Bytes der = assemble(data(DigestAlgorithm.SHA256), key, first(key));
    var certificates = new CMSSignedData(der.toArray()).getCertificates().getMatches(null);
    assertThat(certificates)
        .extracting(c -> Bytes.wrap(c.getEncoded()))
        .containsExactlyInAnyOrderElementsOf(
            key.chain().certificates().subList(0, 2).stream().map(CertificateChain::der).toList());
  }

  @Test
  void embedsASelfSignedLeaf() throws Exception {
    Issued own = CA.issue(LeafProfile.codeSigning("Own", KeyType.EC_P256, NOW).signedByItself());
    var key = SoftwareKey.of(own.chain(), own.keys().getPrivate(), BACKEND);
    Bytes der = assemble(data(DigestAlgorithm.SHA256), key, first(key));
    assertThat(new CMSSignedData(der.toArray()).getCertificates().getMatches(null)).hasSize(1);
  }

  private static SignatureAlgorithm first(SigningKey key) {
    return key.algorithms().iterator().next();
  }

  @Test
  void takesTheDigestFromTheStructureAndTheSchemeFromTheContext() throws Exception {
    var key = key(KeyType.RSA_2048);
    var context = new SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA256);
    SignerInformation signer =
        verified(assemble(data(DigestAlgorithm.SHA1), key, context), key.chain());
    assertThat(signer.getDigestAlgOID()).isEqualTo(DigestAlgorithm.SHA1.oid());
    assertThat(signer.getEncryptionAlgOID()).isEqualTo(PKCSObjectIdentifiers.id_RSASSA_PSS.getId());
  }

  @Test
  void stampsTheSignatureValueWithSha256() throws Exception {
    var key = key(KeyType.EC_P256);
    var stamped = new ArrayList<Digest>();
    Bytes token = DerWriter.sequence(DerWriter.integer(99));
    var made =
        assembler.assemble(
            _ -> data(DigestAlgorithm.SHA1),
            context(key.chain(), first(key)),
            key,
            new Stamping.Required(imprint -> {
              stamped.add(imprint);
              return new TimeStampToken(token, NOW, "here");
            }));
    assertThat(made.token()).contains(new TimeStampToken(token, NOW, "here"));
    SignerInformation signer = verified(((SignatureBlock.Cms) made.block()).der(), key.chain());
    assertThat(stamped).containsExactly(Digest.sha256(Bytes.wrap(signer.getSignature())));
    AttributeTable unsigned = signer.getUnsignedAttributes();
    assertThat(
            unsigned
                .get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken)
                .getAttributeValues()[0]
                .toASN1Primitive()
                .getEncoded())
        .isEqualTo(token.toArray());
  }

  @Test
  void signsTokensWithTheSigningCertificateAttribute() throws Exception {
    var key = key(KeyType.EC_P256);
    Bytes info = DerWriter.sequence(DerWriter.integer(1));
    Bytes der = assemble(new ToBeSigned.Token(info, DigestAlgorithm.SHA256), key, first(key));
    SignerInformation signer = verified(der, key.chain());
    var cms = new CMSSignedData(der.toArray());
    assertThat(cms.getSignedContentTypeOID()).isEqualTo("1.2.840.113549.1.9.16.1.4");
    assertThat((byte[]) cms.getSignedContent().getContent()).isEqualTo(info.toArray());
    assertThat(cms.getVersion()).isEqualTo(3);
    var attribute =
        signer.getSignedAttributes().get(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
    var named = SigningCertificateV2.getInstance(attribute.getAttributeValues()[0]);
    assertThat(named.getCerts()[0].getCertHash())
        .isEqualTo(key.chain().fingerprint().value().toArray());
  }

  @Test
  void probesWithASignatureOverNothingElse() {
    var key = key(KeyType.EC_P256);
    assertThat(new SelfTest(assembler).run(key, Bytes.utf8("nonce"))).isEqualTo(first(key));
    var made =
        assembler.assemble(
            _ -> new ToBeSigned.Probe(Bytes.utf8("nonce"), DigestAlgorithm.SHA256),
            context(key.chain(), first(key)),
            key,
            new Stamping.None());
    Bytes value = ((SignatureBlock.Value) made.block()).value();
    var leaf = key.chain().leaf().getPublicKey();
    assertThat(BACKEND.verify(leaf, Digest.sha256(Bytes.utf8("nonce")), value, first(key)))
        .as("not a signature of the bare nonce")
        .isFalse();
  }

  @Test
  void refusesASignatureThatTheCertificateDoesNotVerify() {
    var good = key(KeyType.EC_P256);
    var other = key(KeyType.EC_P256);
    assertThatThrownBy(() ->
            assemble(data(DigestAlgorithm.SHA256), new Swapped(good.chain(), other), first(good)))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("does not verify");
  }

  @Test
  void leavesOnlyAnUnstampedStructureToAVerifierThatFollows() {
    var good = key(KeyType.EC_P256);
    var swapped = new Swapped(good.chain(), key(KeyType.EC_P256));
    var later = SignatureAssembler.verifiedLater(BACKEND);
    var context = context(good.chain(), first(good));
    var data = data(DigestAlgorithm.SHA256);
    assertThat(later.assemble(_ -> data, context, swapped, new Stamping.None()).block())
        .isInstanceOf(SignatureBlock.Cms.class);
    TimestampAuthority never =
        _ -> {
          throw new AssertionError("a wrong signature went to the authority");
        };
    for (Stamping stamping :
        List.of(new Stamping.Required(never), new Stamping.IfPossible(never))) {
      assertThatThrownBy(() -> later.assemble(_ -> data, context, swapped, stamping))
          .isInstanceOf(KeyException.class);
    }
    assertThatThrownBy(() -> new SelfTest(later).run(swapped, Bytes.utf8("nonce")))
        .isInstanceOf(KeyException.class);
  }

  @Test
  void refusesAContextOfAnotherCertificate() {
    var key = key(KeyType.EC_P256);
    var context = context(key(KeyType.EC_P256).chain(), first(key));
    assertThatThrownBy(() ->
            assembler.assemble(
                _ -> data(DigestAlgorithm.SHA256), context, key, new Stamping.None()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A key service that answers with another key's signatures. */
  private record Swapped(CertificateChain chain, SigningKey real) implements SigningKey {
    @Override
    public Set<SignatureAlgorithm> algorithms() {
      return real.algorithms();
    }

    @Override
    public List<Bytes> sign(List<Digest> digests, SignatureAlgorithm algorithm) {
      return real.sign(digests, algorithm);
    }
  }
}
