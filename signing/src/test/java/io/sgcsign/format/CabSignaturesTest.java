// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.cab.CabBuilder;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jsign.AuthenticodeSigner;
import net.jsign.DigestAlgorithm;
import net.jsign.Signable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Signed cabinets against osslsigncode, jsign and cabextract. */
final class CabSignaturesTest {
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final Issued rsa =
      samples.ca.issue(LeafProfile.codeSigning("Cab TEST", KeyType.RSA_2048, samples.now));

  @TempDir Path folder;

  static Stream<Bytes> cabinets() {
    return Stream.of(
        CabBuilder.of(1).build(),
        CabBuilder.of(100, 70_000, 3).build(),
        CabBuilder.of(500).reserving(20).build());
  }

  private static Bytes remove(Bytes file) {
    var artifact = Artifact.of(file);
    var out = artifact.with(Samples.FORMAT.remove(artifact).orElseThrow());
    return out.read(0, (int) out.size());
  }

  private void accepts(Bytes file, int signatures) {
    VerificationReport report = samples.verify(file);
    assertThat(Samples.refusals(report)).as("%s", report).isEmpty();
    assertThat(report.valid()).isTrue();
    assertThat(report.signatures()).hasSize(signatures);
  }

  private boolean valid(Bytes file) {
    try {
      return samples.verify(file).valid();
    } catch (ArtifactException e) {
      assertThat(e.code()).startsWith("SGC-ARTIFACT-");
      return false;
    }
  }

  private Path write(Bytes file) throws IOException {
    return Files.write(Files.createTempFile(folder, "c", ".cab"), file.toArray());
  }

  private Tool.Result osslsigncode(Bytes file) throws IOException {
    Path root = Files.writeString(folder.resolve("root.pem"), samples.ca.rootPem());
    return Tool.require("osslsigncode")
        .run("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", write(file));
  }

  @ParameterizedTest
  @MethodSource("cabinets")
  void osslsigncodeAcceptsOurSignature(Bytes file) throws IOException {
    Bytes signed = samples.stamped(file, Map.of("description", "A cabinet"));
    accepts(signed, 1);
    var said = osslsigncode(signed);
    assertThat(said.ok()).as(said.output()).isTrue();
    assertThat(said.output()).contains("Timestamp Server Signature verification: ok");
    assertThat(osslsigncode(Samples.flip(signed, signed.slice(0, 120).size(), 1)).ok()).isFalse();
  }

  @Test
  void osslsigncodeAcceptsTwoSignaturesOfTwoDigests() throws IOException {
    Bytes dual =
        samples.unstamped(CabBuilder.of(3_000).build(), Map.of("hash", "sha256,sha512"), rsa);
    accepts(dual, 2);
    var said = osslsigncode(dual);
    assertThat(said.ok()).as(said.output()).isTrue();
    assertThat(said.output()).contains("Number of verified signatures: 2");
  }

  @Test
  void whatIsInsideCanStillBeTakenOut() throws IOException {
    Path signed = write(samples.stamped(CabBuilder.of(40_000, 7).build(), Map.of()));
    String said = Tool.require("cabextract").succeed("-t", signed);
    assertThat(said).contains("file0.bin  OK", "file1.bin  OK", "no errors");
  }

  @ParameterizedTest
  @MethodSource("cabinets")
  void weAcceptTheSignatureOfOsslsigncode(Bytes file) throws IOException {
    Path key = Files.writeString(folder.resolve("key.pem"), rsa.privateKeyPem());
    Path chain = Files.writeString(folder.resolve("chain.pem"), rsa.certificatesPem());
    Path out = folder.resolve("out.cab");
    // osslsigncode takes no reserve that makecab left empty
    Bytes in = CabBuilder.of(file.size()).build();
    Tool.require("osslsigncode")
        .succeed(
            "sign", "-certs", chain, "-key", key, "-h", "sha256", "-in", write(in), "-out", out);
    Bytes theirs = Bytes.wrap(Files.readAllBytes(out));
    accepts(theirs, 1);
    rejectsChanges(theirs);
    accepts(samples.unstamped(theirs, Map.of("existing", "append"), rsa), 2);
    assertThat(remove(theirs)).isEqualTo(in);
  }

  private Bytes jsign(Bytes file, boolean replace) throws Exception {
    Path target = write(file);
    var chain = rsa.chain().certificates().toArray(X509Certificate[]::new);
    var signer =
        new AuthenticodeSigner(chain, rsa.keys().getPrivate())
            .withDigestAlgorithm(DigestAlgorithm.SHA256)
            .withSignaturesReplaced(replace)
            .withTimestamping(false);
    try (Signable signable = Signable.of(target.toFile())) {
      signer.sign(signable);
    }
    return Bytes.wrap(Files.readAllBytes(target));
  }

  @Test
  void weAcceptTheSignatureOfJsign() throws Exception {
    Bytes file = CabBuilder.of(10_000, 20).build();
    Bytes theirs = jsign(file, true);
    accepts(theirs, 1);
    rejectsChanges(theirs);
    accepts(jsign(samples.unstamped(file, Map.of(), rsa), false), 2);
    assertThat(remove(theirs)).isEqualTo(file);
  }

  private void rejectsChanges(Bytes signed) {
    var random = new Random(signed.size());
    var signer = samples.verify(signed).primary().orElseThrow().certificate();
    int passed = 0;
    for (int i = 0; i < 100; i++) {
      int at = random.nextInt(signed.size());
      Bytes changed = Samples.flip(signed, at, 1 + random.nextInt(255));
      if (valid(changed)) {
        passed++; // the tools embed the root, which no path takes from the file
        assertThat(samples.verify(changed).primary().orElseThrow().certificate()).isEqualTo(signer);
      }
      assertThat(valid(signed.slice(0, at))).isFalse();
    }
    assertThat(passed).isLessThan(50);
    for (int at = 0; at < 60; at++) {
      assertThat(valid(Samples.flip(signed, at, 1))).as("header byte %s", at).isFalse();
    }
    assertThat(valid(Bytes.concat(signed, Bytes.of((byte) 0)))).isFalse();
    assertThat(valid(Samples.flip(signed, signed.size() / 2 % 200 + 60, 1))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("cabinets")
  void staysGoodThroughFiveRoundsAndComesBackToTheOriginal(Bytes original) throws IOException {
    Bytes plain = remove(original);
    Bytes file = original;
    for (int round = 0; round < 5; round++) {
      Bytes once = samples.unstamped(file, Map.of(), rsa);
      accepts(once, 1);
      Bytes twice = samples.unstamped(once, Map.of("existing", "append", "hash", "sha384"), rsa);
      accepts(twice, 2);
      assertThat(osslsigncode(twice).ok()).isTrue();
      file = samples.unstamped(twice, Map.of(), rsa);
      assertThat(file).isEqualTo(once);
      assertThat(remove(twice)).isEqualTo(plain);
    }
    rejectsChanges(file);
    assertThat(samples.verify(remove(file)).status()).isEqualTo(Status.UNSIGNED);
  }

  /** Offsets of fields that lie, and the code of the refusal. */
  @ParameterizedTest
  @CsvSource({
    "0, SGC-ARTIFACT-UNRECOGNISED",
    "4, SGC-ARTIFACT-MALFORMED",
    "8, SGC-ARTIFACT-HIDDEN-DATA",
    "11, SGC-ARTIFACT-TRUNCATED",
    "16, SGC-ARTIFACT-MALFORMED",
    "26, SGC-ARTIFACT-MALFORMED",
    "30, SGC-ARTIFACT-MALFORMED",
    "38, SGC-ARTIFACT-MALFORMED"
  })
  void namesWhatIsWrongWithAHeader(int at, String code) {
    Bytes bad = Samples.flip(CabBuilder.of(501).build(), at, 1);
    assertThatThrownBy(() -> samples.unstamped(bad, Map.of("kind", "cab"), rsa))
        .isInstanceOfSatisfying(ArtifactException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void losesNoDataHiddenInWhatNoSignatureCovers() {
    Bytes signed = samples.unstamped(CabBuilder.of(501).build(), Map.of(), rsa);
    Bytes hiding = Samples.flip(signed, 52, 1);
    assertThatThrownBy(() -> samples.unstamped(hiding, Map.of(), rsa))
        .isInstanceOfSatisfying(
            ArtifactException.class,
            e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-HIDDEN-DATA"));
  }

  @Test
  void signsNoCabinetWhoseReserveIsTaken() {
    assertThatThrownBy(
            () -> samples.unstamped(CabBuilder.of(5).reserving(6_144).build(), Map.of(), rsa))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("reserves space for something else");
  }
}
