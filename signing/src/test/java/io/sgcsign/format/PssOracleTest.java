// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.Pem;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What OpenSSL and Bouncy Castle say about our RSASSA-PSS. osslsigncode and sbverify read PKCS#7 by
 * OpenSSL's old functions, which know no PSS.
 */
final class PssOracleTest {
  // openssl compares with the clock of the machine
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "RSA_3072, sha256", "RSA_3072, sha384", "RSA_3072, sha512",
    "RSA_4096, sha256", "RSA_4096, sha384", "RSA_4096, sha512"
  })
  void opensslAndBouncyCastleAcceptPss(KeyType type, String hash) throws Exception {
    Issued issued = samples.ca.issue(LeafProfile.codeSigning("PSS TEST", type, samples.now));
    CMSSignedData block = signed(issued, hash);
    var signer = block.getSignerInfos().iterator().next();
    assertThat(signer.getEncryptionAlgOID()).isEqualTo("1.2.840.113549.1.1.10");
    var verifier =
        new JcaSimpleSignerInfoVerifierBuilder()
            .setProvider(new BouncyCastleProvider())
            .build(issued.certificate());
    assertThat(signer.verify(verifier)).isTrue();

    Path detached = Files.write(folder.resolve("detached.p7"), detached(block));
    byte[] content = content(block);
    Path body = Files.write(folder.resolve("content"), content);
    Path root = Files.writeString(folder.resolve("root.pem"), samples.ca.rootPem());
    Tool openssl = Tool.require("openssl");
    Object[] cms = {
      "cms",
      "-verify",
      "-inform",
      "DER",
      "-in",
      detached,
      "-content",
      body,
      "-binary",
      "-CAfile",
      root,
      "-purpose",
      "any",
      "-out",
      folder.resolve("out")
    };
    assertThat(openssl.succeed(cms)).contains("CMS Verification successful");

    Path attributes = folder.resolve("attributes");
    Files.write(attributes, signer.getEncodedSignedAttributes());
    Path value = Files.write(folder.resolve("value"), signer.getSignature());
    assertThat(openssl.succeed(digestSigned(issued, hash, attributes, value)))
        .contains("Verified OK");

    // what these judges are worth
    content[content.length - 1] ^= 1;
    Files.write(body, content);
    assertThat(openssl.run(cms).ok()).isFalse();
    Files.write(attributes, new byte[] {0}, java.nio.file.StandardOpenOption.APPEND);
    assertThat(openssl.run(digestSigned(issued, hash, attributes, value)).ok()).isFalse();
  }

  /** The salt is as long as the digest, and the digest of the mask is the same. */
  private Object[] digestSigned(Issued issued, String hash, Path attributes, Path value)
      throws IOException {
    Path certificate = folder.resolve("leaf.pem");
    Files.writeString(certificate, Pem.encode(List.of(issued.certificate())));
    Path key = folder.resolve("key.pem");
    Tool.require("openssl").succeed("x509", "-in", certificate, "-pubkey", "-noout", "-out", key);
    return new Object[] {
      "dgst",
      "-" + hash,
      "-sigopt",
      "rsa_padding_mode:pss",
      "-sigopt",
      "rsa_pss_saltlen:digest",
      "-sigopt",
      "rsa_mgf1_md:" + hash,
      "-verify",
      key,
      "-signature",
      value,
      attributes
    };
  }

  private CMSSignedData signed(Issued issued, String hash) throws Exception {
    Bytes file =
        Samples.sign(
            PeBuilder.x64().build(),
            Map.of("hash", hash, "rsa_padding", "pss"),
            issued,
            SignatureAlgorithm.parse("rsa-pss/" + hash),
            Optional.of(samples.tsa));
    assertThat(samples.verify(file).valid()).isTrue();
    return new CMSSignedData(Samples.FORMAT.blocks(Artifact.of(file)).getFirst().toArray());
  }

  private static SignedData signedData(CMSSignedData block) {
    return SignedData.getInstance(block.toASN1Structure().getContent());
  }

  /** Authenticode digests the content without its outermost tag and length. */
  private static byte[] content(CMSSignedData block) throws IOException {
    var content = ASN1Sequence.getInstance(signedData(block).getEncapContentInfo().getContent());
    byte[] der = content.getEncoded();
    int head = der[1] >= 0 ? 2 : 2 + (der[1] & 0x7f);
    return Bytes.wrap(der).slice(head, der.length).toArray();
  }

  /** OpenSSL takes only an OCTET STRING as content inside; Authenticode has a SEQUENCE. */
  private static byte[] detached(CMSSignedData block) throws IOException {
    SignedData data = signedData(block);
    var without =
        new SignedData(
            data.getDigestAlgorithms(),
            new ContentInfo(data.getEncapContentInfo().getContentType(), null),
            data.getCertificates(),
            data.getCRLs(),
            data.getSignerInfos());
    return new ContentInfo(CMSObjectIdentifiers.signedData, without).getEncoded("DER");
  }
}
