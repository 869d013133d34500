// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.tool.Tool;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TestAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private final SecureRandom random = new SecureRandom();

  private TestAuthority authority() {
    return TestAuthority.create(
        new TestAuthority.Setup(KeyType.EC_P256, NOW, true, URI.create("http://127.0.0.1:1/pki/")),
        random);
  }

  @Test
  void issuesALeafWhoseSignaturesChainToTheRoot() throws Exception {
    var ca = authority();
    var issued = ca.issue(LeafProfile.codeSigning("Someone TEST", KeyType.EC_P384, NOW));
    List<X509Certificate> chain = issued.chain().certificates();
    assertThat(chain).hasSize(3).endsWith(ca.root());
    chain.get(0).verify(chain.get(1).getPublicKey());
    chain.get(1).verify(chain.get(2).getPublicKey());
    chain.get(2).verify(chain.get(2).getPublicKey());
    assertThat(chain.get(0).getExtendedKeyUsage()).containsExactly(KeyPurpose.CODE_SIGNING);
    assertThat(chain.get(1).getBasicConstraints()).isZero();
  }

  @Test
  void marksTheTimeStampingUsageAsCritical() {
    var tsa =
        authority().issue(LeafProfile.timeStamping("TSA TEST", KeyType.EC_P256, NOW)).certificate();
    assertThat(tsa.getCriticalExtensionOIDs()).contains("2.5.29.37");
  }

  @Test
  void putsNamesAndAddressesIntoATlsCertificate() throws Exception {
    var tls =
        authority()
            .issue(LeafProfile.tlsServer(List.of("localhost", "127.0.0.1"), KeyType.EC_P256, NOW))
            .certificate();
    assertThat(tls.getSubjectAlternativeNames())
        .containsExactly(List.of(2, "localhost"), List.of(7, "127.0.0.1"));
  }

  @Test
  void writesLocationsIntoEveryCertificateButTheRoot() {
    var chain =
        authority()
            .issue(LeafProfile.codeSigning("Someone TEST", KeyType.EC_P256, NOW))
            .chain()
            .certificates();
    assertThat(text(chain.get(0))).contains("/pki/issuing.crl", "/pki/issuing.cer");
    assertThat(text(chain.get(1))).contains("/pki/root.crl", "/pki/root.cer");
    assertThat(text(chain.get(2))).doesNotContain("/pki/");
  }

  private static String text(X509Certificate certificate) {
    return CertificateChain.der(certificate).toUtf8();
  }

  @Test
  void publishesListsThatNameTheRevoked() throws Exception {
    var ca = authority();
    var leaf = ca.issue(LeafProfile.codeSigning("Gone TEST", KeyType.EC_P256, NOW));
    var files = ca.publications(NOW, List.of(leaf.certificate()));
    assertThat(files)
        .containsOnlyKeys("issuing.cer", "issuing.crl", "root.cer", "root.crl")
        .containsEntry("root.cer", CertificateChain.der(ca.root()));
    X509CRL issuing = crl(files, "issuing.crl");
    issuing.verify(leaf.chain().certificates().get(1).getPublicKey());
    assertThat(issuing.isRevoked(leaf.certificate())).isTrue();
    X509CRL root = crl(files, "root.crl");
    root.verify(ca.root().getPublicKey());
    assertThat(root.getRevokedCertificates()).isNull();
  }

  private static X509CRL crl(Map<String, Bytes> files, String name) throws Exception {
    Bytes der = Objects.requireNonNull(files.get(name));
    return (X509CRL)
        CertificateFactory.getInstance("X.509")
            .generateCRL(new ByteArrayInputStream(der.toArray()));
  }

  @Test
  void exportsAPkcs12ThatOpensWithItsPassword() throws Exception {
    var issued = authority().issue(LeafProfile.codeSigning("P TEST", KeyType.EC_P256, NOW));
    char[] password = "correct horse".toCharArray();
    Bytes pfx = issued.pkcs12(password, "signing");
    var store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(pfx.toArray()), password);
    assertThat(store.getKey("signing", password)).isEqualTo(issued.keys().getPrivate());
    assertThat(store.getCertificateChain("signing")).hasSize(3);
    // id-PBES2: no RC2 or 3DES left
    assertThat(pfx.toHex())
        .contains("06092a864886f70d01050d")
        .doesNotContain("060a2a864886f70d010c01");
  }

  @Test
  void exportsPemThatTheJdkReads() throws Exception {
    var issued = authority().issue(LeafProfile.codeSigning("P TEST", KeyType.EC_P256, NOW));
    byte[] pem = issued.certificatesPem().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    assertThat(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem)))
        .isEqualTo(issued.chain().certificates());
    assertThat(issued.privateKeyPem())
        .startsWith("-----BEGIN PRIVATE KEY-----\n")
        .endsWith("\n-----END PRIVATE KEY-----\n");
  }

  @Test
  void makesSelfSignedAndOddLeavesWhenAsked() {
    var ca = authority();
    var own = ca.issue(LeafProfile.codeSigning("Own TEST", KeyType.EC_P256, NOW).signedByItself());
    assertThat(own.chain().certificates()).hasSize(1);
    assertThat(own.chain().selfSigned()).isTrue();
    var odd =
        ca.issue(
            LeafProfile.codeSigning("Odd TEST", KeyType.RSA_1024, NOW)
                .withUsage(false)
                .valid(NOW.minusSeconds(20), NOW.minusSeconds(10)));
    assertThat(odd.certificate().getExtensionValue("2.5.29.37")).isNull();
    assertThat(odd.certificate().getNotAfter()).isBefore(NOW);
  }

  @Test
  void opensslReadsWhatWeExport(@TempDir Path folder) throws Exception {
    Tool openssl = Tool.require("openssl");
    var ca = authority();
    var leaf = ca.issue(LeafProfile.codeSigning("P TEST", KeyType.RSA_2048, NOW));
    Path root = Files.writeString(folder.resolve("root.pem"), ca.rootPem());
    Path chain = Files.writeString(folder.resolve("chain.pem"), leaf.certificatesPem());
    Path key = Files.writeString(folder.resolve("key.pem"), leaf.privateKeyPem());
    Path pfx =
        Files.write(
            folder.resolve("p.pfx"), leaf.pkcs12("p4ssword".toCharArray(), "signing").toArray());
    String at = Long.toString(NOW.getEpochSecond());
    openssl.succeed(
        "verify", "-attime", at, "-x509_strict", "-CAfile", root, "-untrusted", chain, chain);
    assertThat(openssl.succeed("pkcs12", "-in", pfx, "-passin", "pass:p4ssword", "-info", "-nodes"))
        .contains("PBKDF2", "AES-256-CBC", "friendlyName: signing");
    assertThat(openssl.succeed("pkey", "-in", key, "-noout", "-check")).contains("Key is valid");
    var tls = ca.issue(LeafProfile.tlsServer(List.of("localhost"), KeyType.EC_P256, NOW));
    Path server = Files.writeString(folder.resolve("tls.pem"), tls.certificatesPem());
    openssl.succeed(
        "verify",
        "-attime",
        at,
        "-purpose",
        "sslserver",
        "-verify_hostname",
        "localhost",
        "-CAfile",
        root,
        "-untrusted",
        server,
        server);
    var tsa = ca.issue(LeafProfile.timeStamping("TSA TEST", KeyType.EC_P256, NOW));
    Path stamper = Files.writeString(folder.resolve("tsa.pem"), tsa.certificatesPem());
    openssl.succeed(
        "verify",
        "-attime",
        at,
        "-purpose",
        "timestampsign",
        "-CAfile",
        root,
        "-untrusted",
        stamper,
        stamper);
  }
}
