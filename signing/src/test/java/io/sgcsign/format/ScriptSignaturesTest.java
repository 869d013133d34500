// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jsign.AuthenticodeSigner;
import net.jsign.DigestAlgorithm;
import net.jsign.Signable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.cms.CMSSignedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Signed scripts of every kind, against jsign and osslsigncode in both directions. */
final class ScriptSignaturesTest {
  private static final String PLAIN = "utf-8";
  private static final Charset ANSI = Charset.forName("windows-1252");

  // the tools compare with the clock of the machine
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final Issued rsa =
      samples.ca.issue(LeafProfile.codeSigning("Script TEST", KeyType.RSA_2048, samples.now));

  @TempDir Path folder;

  /** A script of a kind in an encoding. */
  record Script(String kind, String encoding, String ending) {
    SignatureFormat format() {
      boolean host = List.of("vbs", "js", "wsf").contains(kind);
      return Formats.byName(host ? "authenticode" : "powershell").orElseThrow();
    }

    private String text() {
      String word = encoding.equals("ascii") ? "plain" : "h\u00e4tte \u20ac";
      return switch (kind) {
        case "vbs" -> "' " + word + ending + "WScript.Echo 1" + ending;
        case "js" -> "// " + word + ending + "WScript.Echo(1);" + ending;
        case "wsf" -> "<job><script>" + word + "</script></job>" + ending;
        case "ps1xml", "psc1", "cdxml" -> "<Types>" + word + "</Types>" + ending;
        case "mof" -> "// " + word + ending + "instance of A { };" + ending;
        default -> "# " + word + ending + "Write-Host 1" + ending;
      };
    }

    Bytes file() {
      String text = text();
      return Bytes.wrap(
          switch (encoding) {
            case "utf-16le" -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE);
            case "utf-16be" -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_16BE);
            case "utf-8-mark" -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
            case "ansi" -> text.getBytes(ANSI);
            default -> text.getBytes(StandardCharsets.UTF_8);
          });
    }

    Options options(Map<String, String> more) {
      var given = new TreeMap<>(more);
      given.put("kind", kind);
      return Options.of(format().descriptor(), given);
    }
  }

  private static Stream<Script> scripts(List<String> kinds, List<String> encodings) {
    return kinds.stream()
        .flatMap(kind ->
            encodings.stream()
                .flatMap(e -> Stream.of("\r\n", "\n").map(end -> new Script(kind, e, end))));
  }

  /** What osslsigncode reads as Windows does: it knows neither code pages nor big-endian text. */
  static Stream<Script> forOsslsigncode() {
    return Stream.concat(
        scripts(
            List.of("ps1", "psm1", "psd1", "mof"),
            List.of("ascii", PLAIN, "utf-8-mark", "utf-16le")),
        scripts(List.of("ps1xml", "psc1", "cdxml"), List.of("ascii", "utf-8-mark", "utf-16le")));
  }

  /** What jsign 7.4 knows; it takes PowerShell's scripts for UTF-8 whatever they are. */
  static Stream<Script> forJsign() {
    List<String> marked = List.of("ascii", PLAIN, "utf-8-mark", "utf-16le", "utf-16be");
    List<String> all = List.of("ascii", PLAIN, "utf-8-mark", "utf-16le", "utf-16be", "ansi");
    return Stream.concat(
        scripts(List.of("ps1", "psm1", "psd1", "wsf"), marked),
        scripts(List.of("ps1xml", "vbs", "js"), all));
  }

  static Stream<Script> everything() {
    return scripts(
        List.of("ps1", "psm1", "psd1", "ps1xml", "psc1", "cdxml", "mof", "vbs", "js", "wsf"),
        List.of("ansi", "utf-16be", PLAIN));
  }

  private Bytes sign(Script script, Bytes file, Map<String, String> options, boolean stamped) {
    Options checked = script.options(options);
    var artifact = Artifact.of(file);
    var tsa = stamped ? Optional.of(samples.tsa) : Optional.<TimestampAuthority>empty();
    var signer = TestSigner.of(script.format(), checked, rsa, Optional.empty(), tsa);
    if (script.format().sign(artifact, checked, signer) instanceof Signed.Patched patched) {
      return bytes(artifact.with(patched.patch()));
    }
    throw new AssertionError("Authenticode patches");
  }

  private static Bytes bytes(Artifact artifact) {
    return artifact.read(0, (int) artifact.size());
  }

  private static Bytes remove(Script script, Bytes file) {
    var artifact = Artifact.of(file);
    return bytes(artifact.with(script.format().remove(artifact).orElseThrow()));
  }

  private VerificationReport verify(Script script, Bytes file) {
    return script.format().verify(Artifact.of(file), Optional.empty(), samples.policy());
  }

  private boolean valid(Script script, Bytes file) {
    try {
      return verify(script, file).valid();
    } catch (ArtifactException e) {
      assertThat(e.code()).startsWith("SGC-ARTIFACT-");
      return false;
    }
  }

  private void accepts(Script script, Bytes file, int signatures) {
    VerificationReport report = verify(script, file);
    assertThat(Samples.refusals(report)).as("%s: %s", script, report).isEmpty();
    assertThat(report.valid()).isTrue();
    assertThat(report.signatures()).hasSize(signatures);
  }

  private Path write(Script script, Bytes file) throws IOException {
    return Files.write(Files.createTempFile(folder, "s", "." + script.kind()), file.toArray());
  }

  private String osslsigncode(Script script, Bytes file) throws IOException {
    Path root = Files.writeString(folder.resolve("root.pem"), samples.ca.rootPem());
    var said =
        Tool.require("osslsigncode")
            .run("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", write(script, file));
    return (said.ok() ? "accepted " : "refused ") + said.output();
  }

  @ParameterizedTest
  @MethodSource("forOsslsigncode")
  void osslsigncodeAcceptsOurSignature(Script script) throws IOException {
    Bytes signed = sign(script, script.file(), Map.of("description", "A script"), true);
    accepts(script, signed, 1);
    assertThat(osslsigncode(script, signed))
        .startsWith("accepted")
        .contains("Signature verification: ok", "Timestamp Server Signature verification: ok");
    Bytes changed = Samples.flip(signed, script.encoding().startsWith("utf-16") ? 8 : 5, 1);
    assertThat(osslsigncode(script, changed)).startsWith("refused");
  }

  @ParameterizedTest
  @MethodSource("forOsslsigncode")
  void weAcceptTheSignatureOfOsslsigncode(Script script) throws IOException {
    Path key = Files.writeString(folder.resolve("key.pem"), rsa.privateKeyPem());
    Path chain = Files.writeString(folder.resolve("chain.pem"), rsa.certificatesPem());
    Path in = write(script, script.file());
    Path out = folder.resolve("out." + script.kind());
    var said =
        Tool.require("osslsigncode")
            .succeed("sign", "-certs", chain, "-key", key, "-h", "sha256", "-in", in, "-out", out);
    assertThat(said).contains("Succeeded");
    Bytes theirs = Bytes.wrap(Files.readAllBytes(out));
    accepts(script, theirs, 1);
    rejectsChanges(script, theirs);
    Bytes both = sign(script, theirs, Map.of("existing", "append"), false);
    accepts(script, both, 2);
    assertThat(osslsigncode(script, both)).startsWith("accepted");
    assertThat(remove(script, both)).isEqualTo(script.file());
  }

  private Bytes jsign(Script script, Bytes file, boolean replace) throws Exception {
    Path target = write(script, file);
    var chain = rsa.chain().certificates().toArray(X509Certificate[]::new);
    var signer =
        new AuthenticodeSigner(chain, rsa.keys().getPrivate())
            .withDigestAlgorithm(DigestAlgorithm.SHA256)
            .withSignaturesReplaced(replace)
            .withTimestamping(false);
    try (Signable signable = Signable.of(target.toFile(), StandardCharsets.UTF_8)) {
      signer.sign(signable);
    }
    return Bytes.wrap(Files.readAllBytes(target));
  }

  @ParameterizedTest
  @MethodSource("forJsign")
  void weAcceptTheSignatureOfJsign(Script script) throws Exception {
    Bytes theirs = jsign(script, script.file(), true);
    accepts(script, theirs, 1);
    rejectsChanges(script, theirs);
    accepts(script, sign(script, theirs, Map.of("existing", "append"), false), 2);
    accepts(script, jsign(script, theirs, false), 2);
    assertThat(remove(script, theirs)).isEqualTo(script.file());
  }

  /** jsign 7.4 has no verifier: what it reads and digests is compared with what was signed. */
  @ParameterizedTest
  @MethodSource("forJsign")
  void jsignReadsOurSignatureAndDigestsTheSame(Script script) throws Exception {
    Bytes signed = sign(script, script.file(), Map.of("hash", "sha256,sha512"), false);
    try (Signable signable = Signable.of(write(script, signed).toFile(), StandardCharsets.UTF_8)) {
      List<CMSSignedData> found = signable.getSignatures();
      assertThat(found).hasSize(2);
      var theirs = ASN1Sequence.getInstance(signable.createIndirectData(DigestAlgorithm.SHA256));
      // read again: jsign keeps no content in what it gives out
      var again = new CMSSignedData(found.getFirst().toASN1Structure());
      var ours = ASN1Sequence.getInstance(again.getSignedContent().getContent());
      assertThat(ours).isEqualTo(theirs);
    }
  }

  /** Any byte of the text, many of the signature, a cut, something behind. */
  private void rejectsChanges(Script script, Bytes signed) {
    var random = new Random(signed.size());
    var signer = verify(script, signed).primary().orElseThrow().certificate();
    int text = script.file().size() - "</script></job>".length() * 2; // before it in a wsf
    int passed = 0;
    for (int i = 0; i < 40; i++) {
      int early = random.nextInt(Math.max(1, text));
      assertThat(valid(script, Samples.flip(signed, early, 1 + random.nextInt(255))))
          .as("%s: byte %s of the text changed", script, early)
          .isFalse();
      int at = random.nextInt(signed.size());
      Bytes changed = Samples.flip(signed, at, 1 + random.nextInt(255));
      if (valid(script, changed)) {
        passed++; // the tools embed the root, which no path takes from the file
        assertThat(verify(script, changed).primary().orElseThrow().certificate()).isEqualTo(signer);
      }
      assertThat(valid(script, signed.slice(0, at))).as("%s: cut at %s", script, at).isFalse();
    }
    assertThat(passed).isLessThan(20);
    for (String more : List.of("\n", " ", "\r\n# more", "\0")) {
      assertThat(valid(script, Bytes.concat(signed, Bytes.utf8(more)))).isFalse();
    }
    assertThat(valid(script, signed.slice(0, signed.size() - 1))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("everything")
  void staysGoodThroughFiveRoundsAndComesBackToTheOriginal(Script script) throws IOException {
    Bytes file = script.file();
    for (int round = 0; round < 5; round++) {
      Bytes once = sign(script, file, Map.of(), false);
      accepts(script, once, 1);
      Bytes twice = sign(script, once, Map.of("existing", "append", "hash", "sha384"), false);
      accepts(script, twice, 2);
      file = sign(script, twice, Map.of(), false);
      assertThat(file).isEqualTo(once);
      assertThat(remove(script, twice)).isEqualTo(script.file());
    }
    rejectsChanges(script, file);
    var bare = Artifact.of(remove(script, file));
    Options named = Options.named(script.format(), bare, "a." + script.kind());
    assertThat(script.format().verify(bare, named, samples.policy()).status())
        .isEqualTo(Status.UNSIGNED);
  }

  @Test
  void tellsTheKindByBlockThenByName() {
    Script ps1 = new Script("ps1", PLAIN, "\n");
    Script vbs = new Script("vbs", PLAIN, "\n");
    Bytes signed = sign(ps1, ps1.file(), Map.of(), false);
    assertThat(kind(ps1.format(), signed, "")).contains("ps1");
    assertThat(kind(ps1.format(), signed, "a.psm1")).contains("psm1");
    assertThat(kind(ps1.format(), signed, "a.ps1xml")).contains("ps1");
    assertThat(kind(vbs.format(), signed, "a.vbs")).isEmpty();
    assertThat(kind(ps1.format(), ps1.file(), "dir/A.PS1")).contains("ps1");
    assertThat(kind(vbs.format(), ps1.file(), "dir/A.PS1")).isEmpty();
    assertThat(kind(ps1.format(), ps1.file(), "A.txt")).isEmpty();
    Script wsf = new Script("wsf", PLAIN, "\n");
    assertThat(kind(wsf.format(), wsf.file(), "x")).contains("wsf");
    assertThat(kind(ps1.format(), Bytes.wrap(new byte[100]), "a.ps1")).isEmpty();
  }

  private static Optional<String> kind(SignatureFormat format, Bytes file, String name) {
    return format.recognise(Artifact.of(file), name).map(FormatDescriptor.Kind::name);
  }

  @Test
  void takesTheKindFromTheNameOnlyWhereNothingElseTells() {
    Script vbs = new Script("vbs", PLAIN, "\n");
    Options none = Options.of(vbs.format().descriptor(), Map.of());
    Options said = Options.of(vbs.format().descriptor(), Map.of("kind", "js"));
    var script = Artifact.of(vbs.file());
    assertThat(none.forFile(vbs.format(), script, "a.vbs").text("kind")).contains("vbs");
    assertThat(none.forFile(vbs.format(), script, "a.txt").text("kind")).isEmpty();
    assertThat(said.forFile(vbs.format(), script, "a.vbs").text("kind")).contains("js");
    var wsf = Artifact.of(new Script("wsf", PLAIN, "\n").file());
    assertThat(none.forFile(vbs.format(), wsf, "a.vbs").text("kind")).isEmpty();
  }

  @Test
  void signsNoTextOfUnknownKind() {
    Script script = new Script("ps1", PLAIN, "\n");
    var artifact = Artifact.of(script.file());
    for (String name : List.of("authenticode", "powershell")) {
      SignatureFormat format = Formats.byName(name).orElseThrow();
      Options none = Options.of(format.descriptor(), Map.of());
      var signer = TestSigner.of(format, none, rsa);
      assertThatThrownBy(() -> format.sign(artifact, none, signer))
          .isInstanceOfSatisfying(
              ArtifactException.class,
              e -> {
                assertThat(e.code()).isEqualTo("SGC-ARTIFACT-UNRECOGNISED");
                assertThat(e.hint()).contains("kind");
              });
      assertThat(signer.asked()).isEmpty();
    }
  }
}
