// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.assembly.TestTsa;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.format.Options;
import io.sgcsign.format.Signed;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.cab.CabBuilder;
import io.sgcsign.layout.pe.BurnBuilder;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.timestamp.TimestampAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** What {@code sgcsign gate} lets through, and what not. */
final class GateCommandTest {
  private static final TestAuthority CA =
      TestAuthority.simple(KeyType.EC_P256, Desk.NOW, new SecureRandom());
  private static final Issued OURS = issued("Ours");
  private static final Issued OTHER = issued("Other");
  private static final TimestampAuthority TSA =
      TestTsa.of(
          CA.issue(LeafProfile.timeStamping("TSA", KeyType.EC_P256, Desk.NOW)),
          InstantSource.fixed(Desk.NOW));
  @TempDir private Path folder;
  private Desk desk;

  private static Issued issued(String name) {
    return CA.issue(LeafProfile.codeSigning(name, KeyType.EC_P256, Desk.NOW));
  }

  @BeforeEach
  void start() {
    desk = Desk.in(folder);
    desk.write("root.pem", Bytes.utf8(CA.rootPem()));
  }

  private static Bytes signed(Bytes file, Issued key, boolean stamped, Map<String, String> more) {
    return signed(file, key, stamped ? Optional.of(TSA) : Optional.empty(), more);
  }

  private static Bytes signed(
      Bytes file, Issued key, Optional<TimestampAuthority> tsa, Map<String, String> more) {
    Options options = Options.of(FakeServer.FORMAT.descriptor(), more);
    Artifact artifact = Artifact.of(file);
    var signer = TestSigner.of(FakeServer.FORMAT, options, key, Optional.empty(), tsa);
    var made = (Signed.Patched) FakeServer.FORMAT.sign(artifact, options, signer);
    Artifact out = artifact.with(made.patch());
    return out.read(0, (int) out.size());
  }

  private static Bytes good(int number) {
    return signed(Desk.program(number), OURS, true, Map.of());
  }

  private Desk.Run gate(String... words) {
    var all = new ArrayList<>(List.of("gate", "--trust", "root.pem"));
    all.addAll(List.of(words));
    return desk.run(all.toArray(String[]::new));
  }

  /** The codes of the reasons against the only file. */
  private List<String> reasons(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.add("--json");
    Desk.Run run = gate(all.toArray(String[]::new));
    var json = (JsonValue.Obj) Json.parse(run.out());
    boolean passed = json.flag("passed");
    assertThat(run.exit()).isEqualTo(passed ? ExitCode.OK : ExitCode.REFUSED);
    assertThat(json.integer("exit_code")).contains((long) run.exit().number());
    assertThat(json.items("files")).hasSize(1);
    var file = (JsonValue.Obj) json.items("files").getFirst();
    assertThat(file.flag("passed")).isEqualTo(passed);
    return file.items("reasons").stream()
        .map(r -> ((JsonValue.Obj) r).text("code").orElseThrow())
        .toList();
  }

  @Test
  void opensForFilesThatAreSignedAndStamped() {
    desk.write("dist/a.exe", good(1));
    desk.write("dist/sub/b.exe", good(2));

    Desk.Run run = gate("dist/**/*.exe");

    assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
    assertThat(run.out())
        .contains("passed   dist/a.exe  CN=Ours", "stamped 2026-11-21T12:00:00Z")
        .contains("passed   dist/sub/b.exe");
    assertThat(run.err()).contains("the gate is open: 2 passed");
    assertThat(gate("dist/**", "--quiet").out()).isEmpty();
  }

  @Test
  void isShutIfOneOfManyIsNotSigned() {
    desk.write("dist/a.exe", good(1));
    desk.program("dist/b.exe", 2);

    Desk.Run run = gate("dist/*.exe");

    assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.exit().number()).isEqualTo(11);
    assertThat(run.out())
        .contains("passed   dist/a.exe", "refused  dist/b.exe\n  unsigned: it has no signature");
    assertThat(run.err()).contains("the gate is shut: 1 of 2 refused");
    assertThat(reasons("dist/b.exe")).containsExactly("unsigned");
  }

  @Test
  void refusesWhatWasChangedAfterSigning() {
    byte[] broken = good(1).toArray();
    broken[0x200] ^= 1;
    desk.write("a.exe", Bytes.wrap(broken));

    assertThat(reasons("a.exe")).containsExactly("invalid");
    assertThat(gate("a.exe").out()).contains("invalid: it is invalid: ", "content_digest: ");
  }

  @Test
  void refusesWhomItDoesNotTrust() {
    Issued stranger = Desk.key("Ours");
    desk.write("a.exe", signed(Desk.program(1), stranger, true, Map.of()));

    assertThat(reasons("a.exe")).containsExactly("invalid");
    assertThat(gate("a.exe").out()).contains("it is untrusted");
  }

  @Test
  void refusesWhatIsNotStampedUnlessItNeedNot() {
    desk.write("a.exe", signed(Desk.program(1), OURS, false, Map.of()));

    assertThat(reasons("a.exe")).containsExactly("unstamped");
    assertThat(reasons("a.exe", "--no-timestamp")).isEmpty();
  }

  @Test
  void refusesAStampOfAnotherSignature() {
    TimestampAuthority lying = _ -> TSA.stamp(Digest.sha256(Bytes.utf8("something else")));
    desk.write("a.exe", signed(Desk.program(1), OURS, Optional.of(lying), Map.of()));

    assertThat(reasons("a.exe")).contains("unstamped");
  }

  @Test
  void refusesAStampOfAnAuthorityNobodyNamed() {
    TimestampAuthority stranger =
        TestTsa.of(
            TestAuthority.simple(KeyType.EC_P256, Desk.NOW, new SecureRandom())
                .issue(LeafProfile.timeStamping("TSA", KeyType.EC_P256, Desk.NOW)),
            InstantSource.fixed(Desk.NOW));
    desk.write("a.exe", signed(Desk.program(1), OURS, Optional.of(stranger), Map.of()));

    assertThat(reasons("a.exe")).containsExactly("invalid");
  }

  @Test
  void asksForASubjectByCommonOrWholeName() {
    desk.write("a.exe", good(1));

    assertThat(reasons("a.exe", "--subject", "Ours")).isEmpty();
    assertThat(reasons("a.exe", "--subject", "CN=Ours, O=\"sgcsign TEST, not for production\""))
        .isEmpty();
    assertThat(reasons("a.exe", "--subject", "Else", "--subject", "Ours")).isEmpty();
    assertThat(reasons("a.exe", "--subject", "Our")).containsExactly("other_signer");
    assertThat(reasons("a.exe", "--subject", "CN=Ours")).containsExactly("other_signer");
    assertThat(gate("a.exe", "--subject", "CN=").exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(gate("a.exe", "--subject", "=x").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void asksForACertificateByThumbprint() {
    desk.write("a.exe", good(1));
    Bytes der = CertificateChain.der(OURS.certificate());
    String sha1 = Digest.of(DigestAlgorithm.SHA1, der).value().toHex();
    String sha256 = Digest.sha256(der).toString();

    assertThat(reasons("a.exe", "--thumbprint", sha1.toUpperCase(java.util.Locale.ROOT))).isEmpty();
    assertThat(reasons("a.exe", "--thumbprint", sha1.replaceAll("(..)(?=.)", "$1:"))).isEmpty();
    assertThat(reasons("a.exe", "--thumbprint", sha256)).isEmpty();
    String other = Digest.sha256(CertificateChain.der(OTHER.certificate())).value().toHex();
    assertThat(reasons("a.exe", "--thumbprint", other)).containsExactly("other_signer");
    assertThat(reasons("a.exe", "--thumbprint", sha256, "--subject", "Other"))
        .containsExactly("other_signer");
    assertThat(gate("a.exe", "--thumbprint", "abc").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void looksAtSignaturesThatWereAddedAsWell() {
    desk.write("a.exe", signed(good(1), OTHER, true, Map.of(Options.EXISTING, "append")));

    assertThat(reasons("a.exe")).isEmpty();
    assertThat(reasons("a.exe", "--subject", "Ours")).containsExactly("other_signer");
    assertThat(reasons("a.exe", "--subject", "Ours", "--subject", "Other")).isEmpty();
  }

  @Test
  void refusesWhatItCannotRead() {
    desk.write("readme.txt", Bytes.utf8("hello"));

    assertThat(reasons("readme.txt")).containsExactly("unreadable");
  }

  @Test
  void writesOneTestCaseAFileForCiSystems() throws Exception {
    desk.write("dist/a.exe", good(1));
    desk.program("dist/<&\"b\u0001>.exe", 2);

    assertThat(gate("dist/*.exe", "--report", "junit.xml").exit()).isEqualTo(ExitCode.REFUSED);

    var bytes = Desk.read(folder.resolve("junit.xml")).toArray();
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(bytes));
    var suite = (Element) document.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("tests")).isEqualTo("2");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("timestamp")).isEqualTo("2026-11-21T12:00:00");
    var failures = document.getElementsByTagName("failure");
    assertThat(failures.getLength()).isEqualTo(1);
    var failure = (Element) failures.item(0);
    assertThat(failure.getAttribute("type")).isEqualTo("unsigned");
    assertThat(((Element) failure.getParentNode()).getAttribute("name"))
        .isEqualTo("dist/<&\"b\ufffd>.exe");
  }

  /** Signs a.exe and b.exe by hash, with a report. */
  private Desk signedWithReport(FakeServer server) {
    Desk signing = Desk.in(folder, server);
    signing.program("dist/a.exe", 1);
    signing.program("dist/b.exe", 2);
    signing.write("root.pem", Bytes.utf8(server.key().certificatesPem()));
    Desk.Run run = signing.sign("dist/*.exe", "--report", "signed.json");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.OK);
    desk = signing;
    return signing;
  }

  private List<String> against(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.add("--no-timestamp");
    return gate(all.toArray(String[]::new))
        .out()
        .lines()
        .filter(l -> l.startsWith("refused") || l.startsWith("  "))
        .map(String::strip)
        .toList();
  }

  @Test
  void comparesWithTheReportOfSigning() {
    try (var server = new FakeServer(OURS)) {
      signedWithReport(server);
      String[] from = {"dist/*.exe", "--from", "signed.json"};
      assertThat(against(from)).isEmpty();

      desk.write("dist/b.exe", signed(Desk.program(7), OURS, false, Map.of()));
      assertThat(against(from).getFirst()).isEqualTo("refused  dist/b.exe");
      assertThat(against(from).get(1)).matches("changed: it was [0-9a-f]{64} when it was signed");

      desk.write("dist/b.exe", Desk.read(folder.resolve("dist/a.exe")));
      assertThat(against(from).get(1)).startsWith("changed: ");

      desk.write("dist/new.exe", signed(Desk.program(3), OURS, false, Map.of()));
      assertThat(against("dist/new.exe", "dist/a.exe", "--from", "signed.json"))
          .containsExactly(
              "refused  dist/new.exe",
              "new: the report does not know it",
              "refused  dist/b.exe",
              "missing: the report knows it, but no pattern finds it");
      assertThat(server.faults()).isEmpty();
    }
  }

  @Test
  void refusesWhatTheReportSaysWasNotSigned() {
    desk.write("a.exe", good(1));
    desk.write(
        "signed.json",
        Bytes.utf8(
            "{\"schema_version\": 1, \"files\": [{\"name\": \"a.exe\", \"status\": \"failed\"}]}"));

    assertThat(reasons("a.exe", "--from", "signed.json")).containsExactly("missing");
  }

  @Test
  void takesNoOtherFileForAReport() {
    desk.write("a.exe", good(1));
    for (String wrong : List.of("", "[]", "{}", "{\"schema_version\": 2, \"files\": []}", "<x/>")) {
      desk.write("signed.json", Bytes.utf8(wrong));
      assertThat(gate("a.exe", "--from", "signed.json").exit()).as(wrong).isEqualTo(ExitCode.USAGE);
    }
    assertThat(gate("a.exe", "--from", "none.json").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void asksTheServerWhetherItMadeTheSignature() {
    try (var server = new FakeServer(OURS)) {
      desk = Desk.in(folder, server);
      desk.write("a.exe", good(1));
      assertThat(reasons("a.exe", "--recorded")).containsExactly("unrecorded");
      server.completed(Desk.read(folder.resolve("a.exe")));
      assertThat(reasons("a.exe", "--recorded")).isEmpty();
      assertThat(server.faults()).isEmpty();
    }
  }

  @Test
  void failsIfTheServerCannotBeAsked() {
    desk.write("a.exe", good(1));
    desk.variable("SGCSIGN_SERVER", "http://127.0.0.1:1").variable("SGCSIGN_APIKEY", "sgcsk_x");

    assertThat(gate("a.exe", "--recorded").exit()).isEqualTo(ExitCode.UNAVAILABLE);
  }

  private static Bytes archive(String name, Bytes... programs) {
    var zip = new ZipBuilder().deflated("readme.txt", "hello");
    for (int i = 0; i < programs.length; i++) {
      zip.deflated(name + i, programs[i]);
    }
    return zip.build();
  }

  @Test
  void looksIntoArchivesForProgramsThatAreNotSigned() {
    Bytes theirs = signed(Desk.program(2), OTHER, false, Map.of());
    desk.write("good.zip", archive("lib/", good(1), theirs));
    desk.write("bad.zip", archive("deep", archive("logo.png", good(1), Desk.program(2))));

    Desk.Run run = gate("*.zip", "--deep", "--subject", "Ours");

    assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.out())
        .contains("passed   good.zip\n", "passed   good.zip!/lib/0  CN=Ours")
        .contains("passed   good.zip!/lib/1  CN=Other")
        .contains("passed   bad.zip!/deep0!/logo.png0")
        .contains("refused  bad.zip!/deep0!/logo.png1\n  unsigned: it has no signature");
    assertThat(run.err()).contains("the gate is shut: 1 of 6 refused");
    assertThat(gate("good.zip", "--deep").exit()).isEqualTo(ExitCode.OK);
    assertThat(reasons("good.zip")).containsExactly("unreadable");
  }

  @Test
  void refusesProgramsInsideThatWereChangedAndArchivesItCannotRead() {
    byte[] changed = good(1).toArray();
    changed[0x200] ^= 1;
    byte[] broken = archive("x", good(2)).toArray();
    broken[80] ^= 1;
    desk.write("a.zip", archive("p", Bytes.wrap(changed), Bytes.wrap(broken)));

    Desk.Run run = gate("a.zip", "--deep");

    assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.out())
        .contains("refused  a.zip!/p0\n  invalid: it is invalid: ", "content_digest: ")
        .contains("refused  a.zip!/p1\n  unreadable: The local header of x0 ");
  }

  @Test
  void keepsLargeProgramsInATemporaryFileAndLeavesNoneBehind() throws IOException {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    desk.variable("TMPDIR", temporary.toString());
    Bytes large = PeBuilder.x64().overlay(6_000_000).build();
    desk.write("a.zip", archive("p", signed(large, OURS, true, Map.of())));

    Desk.Run run = gate("a.zip", "--deep");

    assertThat(run.exit()).as(run.out()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).contains("passed   a.zip!/p0  CN=Ours");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void looksIntoSignedBundlesAndProgramsThatUnpackThemselves() {
    Bytes cabinet = CabBuilder.holding(good(1), Desk.program(2)).build();
    Bytes bundle = BurnBuilder.bundle().attached(List.of(cabinet)).build();
    Bytes unpacking = Bytes.concat(Desk.program(3), archive("p", good(4), Desk.program(5)));
    desk.write("bundle.exe", signed(bundle, OURS, true, Map.of()));
    desk.write("unpacks.exe", signed(unpacking, OURS, true, Map.of()));

    Desk.Run run = gate("*.exe", "--deep");

    assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.out())
        .contains("passed   bundle.exe  CN=Ours", "passed   unpacks.exe  CN=Ours")
        .contains("passed   bundle.exe!/container1!/file0.bin  CN=Ours")
        .contains("refused  bundle.exe!/container1!/file1.bin\n  unsigned: it has no signature")
        .contains("passed   unpacks.exe!/p0  CN=Ours")
        .contains("refused  unpacks.exe!/p1\n  unsigned: it has no signature");
    assertThat(gate("*.exe").exit()).isEqualTo(ExitCode.OK);
  }
}
