// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.format.Options;
import io.sgcsign.format.Signed;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.Pem;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.tool.Tool;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Rules for Windows, read by an XML parser; digests are compared with OpenSSL's. */
final class WdacCommandTest {
  private static final String BASE = "{A6D7FBBF-9F6B-4072-BF37-693741E1D745}";
  private static final Issued KEY =
      TestAuthority.create(
              new TestAuthority.Setup(KeyType.RSA_2048, Desk.NOW, true, null), new SecureRandom())
          .issue(LeafProfile.codeSigning("R & D <x>", KeyType.RSA_2048, Desk.NOW));
  @TempDir private Path folder;
  private Desk desk;

  @BeforeEach
  void start() {
    desk = Desk.in(folder);
    desk.write("chain.pem", Bytes.utf8(KEY.certificatesPem()));
  }

  private String good(String... words) {
    Desk.Run run = desk.run(words);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.OK);
    return run.out();
  }

  private static Document parse(String xml) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  private static Element only(Document document, String name) {
    var found = document.getElementsByTagName(name);
    assertThat(found.getLength()).as(name).isEqualTo(1);
    return (Element) found.item(0);
  }

  private static List<String> children(Element parent) {
    var nodes = parent.getChildNodes();
    return IntStream.range(0, nodes.getLength())
        .mapToObj(nodes::item)
        .filter(Element.class::isInstance)
        .map(n -> n.getNodeName())
        .toList();
  }

  /** Digest of a certificate's to-be-signed part, cut out and digested by OpenSSL. */
  private String opensslDigest(Path certificate, String algorithm) {
    Tool openssl = Tool.require("openssl");
    Path der = folder.resolve("cut.der");
    Path tbs = folder.resolve("cut.tbs");
    openssl.succeed("x509", "-in", certificate, "-outform", "DER", "-out", der);
    openssl.succeed(
        "asn1parse", "-inform", "DER", "-in", der, "-strparse", "4", "-noout", "-out", tbs);
    String line = openssl.succeed("dgst", "-" + algorithm, "-r", tbs);
    return line.substring(0, line.indexOf(' ')).toUpperCase(Locale.ROOT);
  }

  @ParameterizedTest
  @CsvSource({"sha256, pkcs1", "sha384, pkcs1", "sha512, pss", "sha384, pss"})
  void digestsAsTheCertificateItselfWasSigned(String algorithm, String padding) {
    Path pem = folder.resolve("own.pem");
    Tool.require("openssl")
        .succeed(
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            folder.resolve("own.key"),
            "-out",
            pem,
            "-subj",
            "/CN=Own",
            "-" + algorithm,
            "-sigopt",
            "rsa_padding_mode:" + padding);

    assertThat(good("wdac", "--certificate", "own.pem", "--as", "rules"))
        .contains(
            "<CertRoot Type=\"TBS\" Value=\"" + opensslDigest(pem, algorithm) + "\" />",
            "<CertPublisher Value=\"Own\" />");
  }

  @Test
  void writesWhatXmllintReads() {
    Tool xmllint = Tool.require("xmllint");
    String policy = good("wdac", "--certificate", "chain.pem", "--base", BASE);
    String appLocker = good("wdac", "--certificate", "chain.pem", "--as", "applocker");

    for (String xml : List.of(policy, appLocker)) {
      assertThat(xmllint.succeed("--noout", desk.write("x.xml", Bytes.utf8(xml)))).isEmpty();
    }
  }

  @Test
  void printsASupplementalPolicyInTheOrderOfTheSchema() throws Exception {
    String xml =
        good("wdac", "--certificate", "chain.pem", "--base", BASE.toLowerCase(Locale.ROOT));

    Path issuer =
        desk.write(
            "issuer.pem", Bytes.utf8(Pem.encode(List.of(KEY.chain().certificates().get(1)))));
    Document policy = parse(xml);
    Element root = policy.getDocumentElement();
    assertThat(root.getNamespaceURI()).isEqualTo("urn:schemas-microsoft-com:sipolicy");
    assertThat(root.getAttribute("PolicyType")).isEqualTo("Supplemental Policy");
    // as ConfigCI writes it
    assertThat(children(root))
        .containsExactly(
            "VersionEx",
            "PlatformID",
            "Rules",
            "EKUs",
            "FileRules",
            "Signers",
            "SigningScenarios",
            "UpdatePolicySigners",
            "CiSigners",
            "HvciOptions",
            "Settings",
            "BasePolicyID",
            "PolicyID");
    assertThat(only(policy, "BasePolicyID").getTextContent()).isEqualTo(BASE);
    assertThat(only(policy, "PolicyID").getTextContent())
        .matches("\\{[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}\\}");
    assertThat(only(policy, "CertPublisher").getAttribute("Value")).isEqualTo("R & D <x>");
    assertThat(only(policy, "CertRoot").getAttribute("Type")).isEqualTo("TBS");
    assertThat(only(policy, "CertRoot").getAttribute("Value"))
        .isEqualTo(opensslDigest(issuer, "sha256"));
    String id = only(policy, "Signer").getAttribute("ID");
    assertThat(only(policy, "AllowedSigner").getAttribute("SignerId")).isEqualTo(id);
    assertThat(only(policy, "CiSigner").getAttribute("SignerId")).isEqualTo(id);
    assertThat(only(policy, "String").getTextContent()).isEqualTo("R & D <x>");
  }

  @Test
  void readsTheSignersOfSignedFilesEachOnce() {
    for (String name : List.of("a.exe", "b.exe")) {
      desk.write(name, signed(Desk.program(name.charAt(0))));
    }

    String ofFiles = good("wdac", "*.exe", "--as", "rules");

    assertThat(ofFiles).isEqualTo(good("wdac", "--certificate", "chain.pem", "--as", "rules"));
    assertThat(ofFiles).contains("<CertPublisher Value=\"R &amp; D &lt;x&gt;\" />");
  }

  private static Bytes signed(Bytes file) {
    Options options = Options.of(FakeServer.FORMAT.descriptor(), Map.of());
    Artifact artifact = Artifact.of(file);
    var signer = TestSigner.of(FakeServer.FORMAT, options, KEY);
    var made = (Signed.Patched) FakeServer.FORMAT.sign(artifact, options, signer);
    Artifact out = artifact.with(made.patch());
    return out.read(0, (int) out.size());
  }

  @Test
  void printsRulesForAppLockerThatEnforceNothingByThemselves() throws Exception {
    Document policy = parse(good("wdac", "--certificate", "chain.pem", "--as", "applocker"));

    assertThat(policy.getDocumentElement().getNodeName()).isEqualTo("AppLockerPolicy");
    var collections = policy.getElementsByTagName("RuleCollection");
    assertThat(collections.getLength()).isEqualTo(4);
    for (int i = 0; i < 4; i++) {
      var collection = (Element) collections.item(i);
      assertThat(collection.getAttribute("EnforcementMode")).isEqualTo("NotConfigured");
    }
    var conditions = policy.getElementsByTagName("FilePublisherCondition");
    for (int i = 0; i < 4; i++) {
      assertThat(((Element) conditions.item(i)).getAttribute("PublisherName"))
          .isEqualTo("O=SGCSIGN TEST, NOT FOR PRODUCTION");
    }
    var rules = policy.getElementsByTagName("FilePublisherRule");
    assertThat(
            IntStream.range(0, 4)
                .mapToObj(i -> ((Element) rules.item(i)).getAttribute("Id"))
                .distinct())
        .hasSize(4);
  }

  @Test
  void namesPublishersAsAppLockerDoes() {
    assertThat(
            PublisherRule.appLocker(name("CN=X, O=\"GitHub, Inc.\", L=San Francisco, ST=CA, C=us")))
        .isEqualTo("O=GITHUB, INC., L=SAN FRANCISCO, S=CA, C=US");
    assertThat(PublisherRule.appLocker(name("CN=Test, OU=Unit, C=DE"))).isEqualTo("CN=TEST");
  }

  private static SubjectName name(String text) {
    return SubjectName.of(new javax.security.auth.x500.X500Principal(text));
  }

  @Test
  void givesTheSamePolicyAgainUnlessToldOtherwise() {
    String first = good("wdac", "--certificate", "chain.pem", "--base", BASE);

    assertThat(good("wdac", "--certificate", "chain.pem", "--base", BASE)).isEqualTo(first);
    assertThat(good("wdac", "--certificate", "chain.pem", "--base", BASE, "--name", "Other"))
        .contains("<String>Other</String>")
        .doesNotContain(
            first.lines().filter(l -> l.contains("<PolicyID>")).findFirst().orElseThrow());
    assertThat(good("wdac", "--certificate", "chain.pem", "--base", BASE, "--id", BASE))
        .contains("<PolicyID>" + BASE + "</PolicyID>");
  }

  @Test
  void warnsOfKeysThatApplicationControlDoesNotKnow() {
    desk.write("ec.pem", Bytes.utf8(Desk.key("Ec").certificatesPem()));

    Desk.Run run = desk.run("wdac", "--certificate", "ec.pem", "--as", "rules");

    assertThat(run.err()).contains("Ec has no RSA key");
    assertThat(desk.run("wdac", "--certificate", "chain.pem", "--as", "rules").err()).isEmpty();
  }

  @Test
  void tellsWhatIsMissing() {
    desk.program("plain.exe", 1);
    desk.write("leaf.pem", Bytes.utf8(Pem.encode(List.of(KEY.certificate()))));

    assertThat(desk.run("wdac", "--certificate", "chain.pem").err()).contains("needs --base");
    assertThat(desk.run("wdac", "--certificate", "leaf.pem", "--as", "rules").err())
        .contains("its issuer is not with it");
    Desk.Run unsigned = desk.run("wdac", "plain.exe", "--as", "rules");
    assertThat(unsigned.exit()).isEqualTo(ExitCode.NOT_SIGNABLE);
    assertThat(unsigned.err()).contains("it is unsigned");
    assertThat(desk.run("wdac", "--as", "rules").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(desk.run("wdac", "--certificate", "chain.pem", "--base", "x").exit())
        .isEqualTo(ExitCode.USAGE);
    assertThat(desk.run("wdac", "--certificate", "chain.pem", "--as", "x").exit())
        .isEqualTo(ExitCode.USAGE);
  }
}
