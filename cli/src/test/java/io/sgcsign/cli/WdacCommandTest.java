// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.format.Options;
import io.sgcsign.format.Signed;
import io.sgcsign.layout.pe.VersionResource;
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

  /** By our own schemas of what Microsoft documents: order, types, and references that lead. */
  private String wellFormed(String schema, String xml) {
    Path xsd = Path.of("src/test/resources/wdac", schema + ".xsd");
    Path file = desk.write("x.xml", Bytes.utf8(xml));
    assertThat(Tool.require("xmllint").succeed("--noout", "--schema", xsd, file))
        .contains("validates");
    return xml;
  }

  private String policy(String... words) {
    return wellFormed("sipolicy", good(words));
  }

  private String appLocker(String... words) {
    return wellFormed("applocker", good(words));
  }

  @Test
  void writesWhatTheSchemasAskFor() {
    String policy = policy("wdac", "--certificate", "chain.pem", "--base", BASE);
    String appLocker = appLocker("wdac", "--certificate", "chain.pem", "--as", "applocker");

    assertThat(policy).contains("<FileRules />");
    assertThat(appLocker).contains("Name=\"Signed by O=SGCSIGN TEST, NOT FOR PRODUCTION\"");
    String moved =
        policy.replaceFirst("(?s)(    *<CertRoot[^\n]*\n)( *<CertPublisher[^\n]*\n)", "$2$1");
    assertThat(
            Tool.require("xmllint")
                .run(
                    "--noout",
                    "--schema",
                    Path.of("src/test/resources/wdac/sipolicy.xsd"),
                    desk.write("moved.xml", Bytes.utf8(moved)))
                .ok())
        .isFalse();
  }

  private void program(String file, String version, Map<String, String> strings) {
    desk.write(file, signed(VersionResource.program(version, strings)));
  }

  private static List<String> attributes(Document document, String element, String name) {
    var found = document.getElementsByTagName(element);
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> ((Element) found.item(i)).getAttribute(name))
        .toList();
  }

  @Test
  void bindsThePublisherToProgramsAndTheirVersions() throws Exception {
    program("new.exe", "1.10.0.0", Map.of("OriginalFilename", "App.exe", "ProductName", "P"));
    program("old.exe", "1.9.0.0", Map.of("OriginalFilename", "APP.EXE", "ProductName", "P"));
    program("z.exe", "0.0.0.0", Map.of("InternalName", "R & \"D\"", "ProductName", "P"));

    Document policy = parse(policy("wdac", "*.exe", "--level", "filepublisher", "--base", BASE));

    assertThat(attributes(policy, "FileAttrib", "FileName")).containsExactly("APP.EXE", "");
    assertThat(attributes(policy, "FileAttrib", "InternalName")).containsExactly("", "R & \"D\"");
    assertThat(attributes(policy, "FileAttrib", "MinimumFileVersion"))
        .containsExactly("1.9.0.0", "0.0.0.0");
    assertThat(children(only(policy, "Signer")))
        .containsExactly("CertRoot", "CertPublisher", "FileAttribRef", "FileAttribRef");
    assertThat(attributes(policy, "FileAttribRef", "RuleID"))
        .isEqualTo(attributes(policy, "FileAttrib", "ID"))
        .hasSize(2);
    assertThat(good("wdac", "*.exe", "--level", "filepublisher", "--as", "rules"))
        .containsSubsequence("<FileAttrib ", "<Signer ", "<FileAttribRef ");
  }

  @Test
  void fallsBackToOtherNamesAsWindowsDoes() {
    program("d.exe", "1.0.0.0", Map.of("FileDescription", "What", "ProductName", "P"));
    assertThat(policy("wdac", "d.exe", "--level", "filepublisher", "--base", BASE))
        .contains(" FileDescription=\"What\" MinimumFileVersion=\"1.0.0.0\"");
    program("p.exe", "65535.0.0.65535", Map.of("OriginalFilename", " ", "ProductName", "P"));
    assertThat(policy("wdac", "p.exe", "--level", "filepublisher", "--base", BASE))
        .contains(" ProductName=\"P\" MinimumFileVersion=\"65535.0.0.65535\"");
  }

  @Test
  void givesAppLockerProductBinaryAndVersion() throws Exception {
    program("a.exe", "1.2.3.4", Map.of("OriginalFilename", "App.exe", "ProductName", "My App"));
    program("b.exe", "2.0.0.0", Map.of("OriginalFilename", "Lib.dll"));

    Document rules =
        parse(appLocker("wdac", "*.exe", "--level", "filepublisher", "--as", "applocker"));

    assertThat(attributes(rules, "RuleCollection", "Type")).containsExactly("Exe", "Dll");
    assertThat(attributes(rules, "FilePublisherCondition", "ProductName"))
        .containsExactly("MY APP", "*", "MY APP", "*");
    assertThat(attributes(rules, "FilePublisherCondition", "BinaryName"))
        .containsExactly("APP.EXE", "LIB.DLL", "APP.EXE", "LIB.DLL");
    assertThat(attributes(rules, "BinaryVersionRange", "LowSection"))
        .containsExactly("1.2.3.4", "2.0.0.0", "1.2.3.4", "2.0.0.0");
    assertThat(attributes(rules, "BinaryVersionRange", "HighSection")).containsOnly("*");
  }

  @Test
  void makesNoRuleForAProgramThatDoesNotNameItself() {
    desk.write("plain.exe", signed(Desk.program('p')));
    program("nameless.exe", "1.0.0.0", Map.of("Comments", "x"));
    program("inner.exe", "1.0.0.0", Map.of("InternalName", "inner"));

    for (String file : List.of("plain.exe", "nameless.exe")) {
      Desk.Run run = desk.run("wdac", file, "--level", "filepublisher", "--base", BASE);
      assertThat(run.exit()).isEqualTo(ExitCode.NOT_SIGNABLE);
      assertThat(run.err()).contains(file, "version resource", "--level publisher", "hash");
      assertThat(run.out()).isEmpty();
    }
    Desk.Run inner = desk.run("wdac", "inner.exe", "--level", "filepublisher", "--as", "applocker");
    assertThat(inner.exit()).isEqualTo(ExitCode.NOT_SIGNABLE);
    assertThat(inner.err()).contains("inner.exe", "OriginalFilename");
    Desk.Run both =
        desk.run("wdac", "--certificate", "chain.pem", "--level", "filepublisher", "--base", BASE);
    assertThat(both.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(both.err()).contains("--certificate");
    assertThat(desk.run("wdac", "inner.exe", "--level", "x", "--as", "rules").exit())
        .isEqualTo(ExitCode.USAGE);
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
