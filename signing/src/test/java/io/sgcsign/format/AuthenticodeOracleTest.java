// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What osslsigncode and sbverify say about files that we signed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuthenticodeOracleTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  // the tools compare with the clock of the machine
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final SignatureFormat FORMAT = Formats.byName("authenticode").orElseThrow();
  private final TestAuthority ca =
      TestAuthority.create(new TestAuthority.Setup(KeyType.EC_P256, now, true, null), RANDOM);
  private final Issued ec = ca.issue(LeafProfile.codeSigning("EC TEST", KeyType.EC_P256, now));

  @TempDir Path folder;

  private Path root() throws IOException {
    return Files.writeString(folder.resolve("root.pem"), ca.rootPem());
  }

  private static Bytes sign(Bytes file, Map<String, String> options, Issued issued) {
    Options checked = Options.of(FORMAT.descriptor(), options);
    var artifact = Artifact.of(file);
    var signer = TestSigner.of(FORMAT, checked, issued);
    if (FORMAT.sign(artifact, checked, signer) instanceof Signed.Patched patched) {
      var signed = artifact.with(patched.patch());
      return signed.read(0, (int) signed.size());
    }
    throw new AssertionError("Authenticode patches");
  }

  private Path write(Bytes file) throws IOException {
    return Files.write(Files.createTempFile(folder, "t", ".exe"), file.toArray());
  }

  private String osslsigncode(Bytes file) throws IOException {
    String said =
        Tool.require("osslsigncode")
            .succeed("verify", "-CAfile", root(), "-ignore-timestamp", "-in", write(file));
    assertThat(said).contains("Signature verification: ok").doesNotContain("MISMATCH");
    return said;
  }

  static Stream<Arguments> programs() {
    return Stream.of(
        Arguments.of("x64", PeBuilder.x64()),
        Arguments.of("x86", PeBuilder.x86()),
        Arguments.of("arm64", PeBuilder.arm64()),
        Arguments.of("efi", PeBuilder.efi()),
        Arguments.of("overlay", PeBuilder.x64().overlay(1000)),
        Arguments.of("odd length", PeBuilder.x86().overlay(13)),
        Arguments.of("one section", PeBuilder.arm64().sections(1, 512)),
        Arguments.of("big sections", PeBuilder.x64().sections(7, 100 * 1024)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void osslsigncodeAcceptsEveryKindOfProgram(String name, PeBuilder pe) throws IOException {
    String said = osslsigncode(sign(pe.build(), Map.of(), ec));
    assertThat(said).as(name).contains("EC TEST", "sgcsign TEST Issuing CA");
    // with a wrong one it prints "Current PE checksum", "Calculated PE checksum" and a warning
    assertThat(line(said, "PE checksum")).isNotEqualTo("00000000");
    assertThat(said).doesNotContain("PE checksum: ", "Warning");
  }

  private static String line(String output, String name) {
    return output
        .lines()
        .filter(l -> l.startsWith(name))
        .map(l -> l.substring(l.indexOf(':') + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  static Stream<Arguments> evenPrograms() {
    // sbverify 0.9.4 fails files of odd length and says so of correct signatures
    return programs().filter(a -> !"odd length".equals(a.get()[0]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("evenPrograms")
  void sbverifyAcceptsEveryKindOfProgram(String name, PeBuilder pe) throws IOException {
    Issued rsa = rsa();
    Path file = write(sign(pe.build(), Map.of(), rsa));
    assertThat(Tool.require("sbverify").succeed("--cert", root(), file))
        .as(name)
        .contains("Signature verification OK");
  }

  private Issued rsa() {
    return ca.issue(LeafProfile.codeSigning("RSA TEST", KeyType.RSA_2048, now));
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyType.class,
      names = {"RSA_3072", "RSA_4096", "EC_P256", "EC_P384", "EC_P521"})
  void osslsigncodeAcceptsEveryKindOfKey(KeyType type) throws IOException {
    Issued issued = ca.issue(LeafProfile.codeSigning("Key TEST", type, now));
    for (String hash : new String[] {"sha1", "sha256", "sha384", "sha512"}) {
      String said = osslsigncode(sign(PeBuilder.x64().build(), Map.of("hash", hash), issued));
      assertThat(line(said, "Message digest algorithm")).isEqualToIgnoringCase(hash);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyType.class,
      names = {"RSA_3072", "RSA_4096", "EC_P256", "EC_P384", "EC_P521"})
  void sbverifyAcceptsEveryKindOfKey(KeyType type) throws IOException {
    Issued issued = ca.issue(LeafProfile.codeSigning("Key TEST", type, now));
    Path file = write(sign(PeBuilder.x64().build(), Map.of(), issued));
    assertThat(Tool.require("sbverify").succeed("--cert", root(), file))
        .contains("Signature verification OK");
  }

  @Test
  void sbverifyAcceptsAppendedAndReplacedSignaturesAndPageHashes() throws IOException {
    Bytes once = sign(PeBuilder.x64().build(), Map.of("page_hashes", "true"), rsa());
    Bytes twice = sign(once, Map.of("existing", "append"), ec);
    Bytes replaced = sign(twice, Map.of(), ec);
    for (Bytes file : List.of(once, twice, replaced)) {
      assertThat(Tool.require("sbverify").succeed("--cert", root(), write(file)))
          .contains("Signature verification OK");
    }
  }

  @Test
  void osslsigncodeSeesDescriptionAndUrl() throws IOException {
    var options = Map.of("description", "Größter Editor", "url", "https://example.org/a?b=c");
    String said = osslsigncode(sign(PeBuilder.x64().build(), options, ec));
    assertThat(said).contains("https://example.org/a?b=c").contains("Editor");
  }

  @Test
  void osslsigncodeSeesBothSignaturesOfADualOne() throws IOException {
    String said = osslsigncode(sign(PeBuilder.x64().build(), Map.of("hash", "sha1,sha256"), ec));
    assertThat(said).contains("Signature Index: 0  (Primary Signature)", "Signature Index: 1");
    assertThat(said).contains("Message digest algorithm  : SHA1");
    assertThat(said).contains("Message digest algorithm  : SHA256");
    assertThat(said).contains("Number of verified signatures: 2");
  }

  @Test
  void osslsigncodeSeesAppendedAndReplacedSignatures() throws IOException {
    Bytes once = sign(PeBuilder.x64().overlay(5).build(), Map.of("hash", "sha256"), ec);
    Bytes twice = sign(once, Map.of("hash", "sha384", "existing", "append"), rsa());
    Bytes thrice = sign(twice, Map.of("hash", "sha512", "existing", "append"), ec);
    assertThat(osslsigncode(twice)).contains("Number of verified signatures: 2");
    assertThat(osslsigncode(thrice)).contains("Number of verified signatures: 3");
    Bytes replaced = sign(thrice, Map.of("hash", "sha384"), ec);
    assertThat(osslsigncode(replaced)).contains("Number of verified signatures: 1");
  }

  @Test
  void appendsToAndReplacesWhatOsslsigncodeSigned() throws IOException {
    Path key = Files.writeString(folder.resolve("k.pem"), ec.privateKeyPem());
    Path chain = Files.writeString(folder.resolve("c.pem"), ec.certificatesPem());
    Path in = write(PeBuilder.x64().build());
    Path out = folder.resolve("by-osslsigncode.exe");
    Files.deleteIfExists(out);
    Tool.require("osslsigncode")
        .succeed("sign", "-certs", chain, "-key", key, "-h", "sha256", "-in", in, "-out", out);
    Bytes theirs = Bytes.wrap(Files.readAllBytes(out));
    Bytes both = sign(theirs, Map.of("existing", "append"), ec);
    assertThat(osslsigncode(both)).contains("Number of verified signatures: 2");
    assertThat(osslsigncode(sign(theirs, Map.of(), ec)))
        .contains("Number of verified signatures: 1");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void osslsigncodeAcceptsPageHashes(String name, PeBuilder pe) throws IOException {
    for (String hash : new String[] {"sha1", "sha256", "sha384"}) {
      var options = Map.of("hash", hash, "page_hashes", "true");
      String said = osslsigncode(sign(pe.build(), options, ec));
      assertThat(line(said, "Page hash algorithm"))
          .as("%s %s", name, hash)
          .isEqualToIgnoringCase(hash.equals("sha1") ? "sha1" : "sha256");
      assertThat(line(said, "Page hash  ")).isEqualTo(line(said, "Calculated page hash"));
    }
  }

  @Test
  void makesTheSameIndirectDataAsOsslsigncode() throws IOException {
    var issued = rsa();
    Path key = Files.writeString(folder.resolve("k2.pem"), issued.privateKeyPem());
    Path chain = Files.writeString(folder.resolve("c2.pem"), issued.certificatesPem());
    Path out = folder.resolve("ph.exe");
    Bytes file = PeBuilder.x64().sections(3, 9 * 1024).build();
    Tool.require("osslsigncode")
        .succeed(
            "sign",
            "-ph",
            "-certs",
            chain,
            "-key",
            key,
            "-h",
            "sha256",
            "-in",
            write(file),
            "-out",
            out);
    Bytes theirs = PeFile.parse(Artifact.open(out)).certificates().entries().getFirst().content();
    var artifact = Artifact.of(sign(file, Map.of("page_hashes", "true"), issued));
    Bytes ours = PeFile.parse(artifact).certificates().entries().getFirst().content();
    // from the OID of the page hashes to the end of the image digest
    String mark = Bytes.fromHex("060a2b060104018237020302").toHex();
    int length = 2 * (12 + 4 + 4 + 11 * 36 + 51); // OID, SET, OCTET STRING, rows, DigestInfo
    assertThat(tail(ours, mark, length)).isEqualTo(tail(theirs, mark, length));
  }

  private static String tail(Bytes structure, String mark, int length) {
    String hex = structure.toHex();
    int at = hex.indexOf(mark);
    assertThat(at).isPositive();
    return hex.substring(at, at + length);
  }

  @Test
  void sbverifyAcceptsASecondSignatureOfAnEfiProgram() throws IOException {
    Bytes once = sign(PeBuilder.efi().build(), Map.of(), rsa());
    Bytes twice = sign(once, Map.of("existing", "append"), rsa());
    assertThat(PeFile.parse(Artifact.of(twice)).certificates().entries()).hasSize(2);
    assertThat(Tool.require("sbverify").succeed("--cert", root(), write(twice)))
        .contains("Signature verification OK");
    assertThat(Tool.require("sbverify").succeed("--list", write(twice)))
        .contains("signature 1", "signature 2");
  }
}
