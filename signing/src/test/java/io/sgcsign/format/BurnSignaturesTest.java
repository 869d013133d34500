// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.cab.CabBuilder;
import io.sgcsign.layout.pe.BurnBuilder;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.signature.SignerException;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bundles against osslsigncode and against what Burn's own code would find in them. */
final class BurnSignaturesTest {
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final Issued rsa =
      samples.ca.issue(LeafProfile.codeSigning("Bundle TEST", KeyType.RSA_2048, samples.now));

  @TempDir Path folder;

  static Stream<BurnBuilder> bundles() {
    return Stream.of(
        BurnBuilder.bundle(),
        BurnBuilder.bundle().odd(),
        BurnBuilder.bundle().odd().attached(List.of(CabBuilder.of(4_003).build())));
  }

  private static Bytes remove(Bytes file) {
    var artifact = Artifact.of(file);
    var out = artifact.with(Samples.FORMAT.remove(artifact).orElseThrow());
    return out.read(0, (int) out.size());
  }

  private VerificationReport accepts(Bytes file, String... paths) {
    VerificationReport report = samples.verify(file);
    assertThat(Samples.refusals(report)).as("%s", report).isEmpty();
    assertThat(report.valid()).isTrue();
    assertThat(report.signatures()).extracting(SignatureReport::path).containsExactly(paths);
    return report;
  }

  private boolean valid(Bytes file) {
    try {
      return samples.verify(file).valid();
    } catch (ArtifactException e) {
      assertThat(e.code()).startsWith("SGC-ARTIFACT-");
      return false;
    }
  }

  private Tool.Result osslsigncode(Bytes file) throws IOException {
    Path root = Files.writeString(folder.resolve("root.pem"), samples.ca.rootPem());
    Path path = Files.write(folder.resolve("judged.exe"), file.toArray());
    return Tool.require("osslsigncode")
        .run("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", path);
  }

  private void good(BurnBuilder builder, Bytes signed, int signatures) throws IOException {
    for (Bytes file : List.of(signed, builder.cached(signed))) {
      var said = osslsigncode(file);
      assertThat(said.ok()).as(said.output()).isTrue();
      assertThat(said.output()).contains("Number of verified signatures: " + signatures);
    }
    assertThat(builder.found(signed)).isEqualTo(builder.containers());
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void signsTheEngineAndThenTheBundle(BurnBuilder builder) throws IOException {
    Bytes signed = samples.stamped(builder.build(), Map.of("description", "Setup"));
    var report = accepts(signed, "0", "engine.0");
    assertThat(report.signatures()).allMatch(s -> s.timestamp().isPresent());
    good(builder, signed, 1);
    accepts(builder.cached(signed), "0");
    assertThat(Samples.FORMAT.blocks(Artifact.of(signed))).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void signsWithTwoDigestsAndPageHashes(BurnBuilder builder) throws IOException {
    var options = Map.of("hash", "sha256,sha512", "page_hashes", "true");
    Bytes signed = samples.unstamped(builder.build(), options, rsa);
    accepts(signed, "0", "0.nested.0", "engine.0", "engine.0.nested.0");
    good(builder, signed, 2);
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void staysGoodThroughFiveRoundsAndComesBackToTheOriginal(BurnBuilder builder) throws IOException {
    Bytes original = builder.build();
    assertThat(remove(original)).isEqualTo(original);
    Bytes first = samples.unstamped(original, Map.of(), rsa);
    Bytes file = original;
    for (int round = 0; round < 5; round++) {
      Bytes once = samples.unstamped(file, Map.of(), rsa);
      assertThat(once).isEqualTo(first);
      assertThat(samples.unstamped(once, Map.of(), rsa)).isEqualTo(first);
      file = remove(once);
      assertThat(file).isEqualTo(original);
    }
    good(builder, first, 1);
  }

  /** What detach, osslsigncode, reattach, osslsigncode make is what one command makes here. */
  @ParameterizedTest
  @MethodSource("bundles")
  void weAcceptWhatTheDanceWithOtherToolsMakes(BurnBuilder builder) throws IOException {
    Bytes engine = signedByOthers(builder.engine());
    Bytes between = builder.reattached(engine);
    assertThat(samples.verify(between).status()).isEqualTo(Status.UNSIGNED);
    Bytes theirs = signedByOthers(between);
    accepts(theirs, "0", "engine.0");
    assertThat(builder.found(theirs)).isEqualTo(builder.containers());
    rejectsChanges(theirs);
    Bytes ours = samples.unstamped(theirs, Map.of(), rsa);
    assertThat(ours).isEqualTo(samples.unstamped(builder.build(), Map.of(), rsa));
    assertThat(remove(theirs)).isEqualTo(builder.build());
  }

  private Bytes signedByOthers(Bytes file) throws IOException {
    Path key = Files.writeString(folder.resolve("key.pem"), rsa.privateKeyPem());
    Path chain = Files.writeString(folder.resolve("chain.pem"), rsa.certificatesPem());
    Path in = Files.write(folder.resolve("in.exe"), file.toArray());
    Path out = folder.resolve("out.exe");
    Files.deleteIfExists(out);
    Tool.require("osslsigncode")
        .succeed("sign", "-certs", chain, "-key", key, "-h", "sha256", "-in", in, "-out", out);
    return Bytes.wrap(Files.readAllBytes(out));
  }

  private void rejectsChanges(Bytes signed) {
    var random = new Random(signed.size());
    int passed = 0;
    for (int i = 0; i < 100; i++) {
      int at = random.nextInt(signed.size());
      if (valid(Samples.flip(signed, at, 1 + random.nextInt(255)))) {
        passed++; // the tools embed the root, which no path takes from the file
      }
      assertThat(valid(signed.slice(0, at))).isFalse();
    }
    assertThat(passed).isLessThan(50);
    assertThat(valid(Bytes.concat(signed, Bytes.of((byte) 0)))).isFalse();
    assertThat(valid(Samples.flip(signed, 2_000, 1))).isFalse();
  }

  @Test
  void aBundleSignedLikeAnyProgramIsInvalidUntilItIsSignedAnew() throws IOException {
    BurnBuilder builder = BurnBuilder.bundle();
    Bytes naive = signedByOthers(builder.build());
    assertThat(builder.found(naive)).isNotEqualTo(builder.containers());
    VerificationReport report = samples.verify(naive);
    assertThat(report.status()).isEqualTo(Status.INVALID);
    assertThat(Samples.refusals(report)).containsExactly(CheckName.STRUCTURE);

    good(builder, samples.unstamped(naive, Map.of(), rsa), 1);
    assertThatThrownBy(() -> samples.unstamped(builder.build(), Map.of("kind", "pe"), rsa))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("would not find its containers");
  }

  @Test
  void anEngineThatOnlyHasRoomForASignatureMakesTheBundleInvalid() throws IOException {
    BurnBuilder builder = BurnBuilder.bundle();
    Bytes naive = signedByOthers(builder.with(32, builder.engine().size()));
    assertThat(builder.found(naive)).isEqualTo(builder.containers());
    VerificationReport report = samples.verify(naive);
    assertThat(report.status()).isEqualTo(Status.INVALID);
    assertThat(Samples.refusals(report)).containsExactly(CheckName.STRUCTURE);
  }

  @Test
  void anEngineSignedWrongMakesTheBundleInvalid() {
    BurnBuilder builder = BurnBuilder.bundle();
    Bytes engine = samples.unstamped(builder.engine(), Map.of(), rsa);
    Bytes damaged = Samples.flip(engine, 1_500, 1);
    Bytes bundle = builder.reattached(damaged);
    Bytes signed;
    try {
      signed = signedByOthers(bundle);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    VerificationReport report = samples.verify(signed);
    assertThat(report.status()).isEqualTo(Status.INVALID);
    assertThat(report.signatures())
        .extracting(SignatureReport::status)
        .containsExactly(Status.VALID, Status.INVALID);
  }

  @Test
  void refusesASecondSignature() {
    Bytes signed = samples.unstamped(BurnBuilder.bundle().build(), Map.of(), rsa);
    assertThatThrownBy(() -> samples.unstamped(signed, Map.of("existing", "append"), rsa))
        .isInstanceOf(SignerException.Refused.class);
  }

  @Test
  void signsAnEngineThatWasTakenOffAndABundleWithoutContainersOnce() throws IOException {
    BurnBuilder builder = BurnBuilder.bundle();
    Bytes engine = samples.unstamped(builder.engine(), Map.of(), rsa);
    accepts(engine, "0");
    Bytes whole = signedByOthers(builder.reattached(engine));
    accepts(whole, "0", "engine.0");
    good(builder, whole, 1);

    BurnBuilder plain = BurnBuilder.bundle().attached(List.of());
    Bytes signed = samples.unstamped(plain.build(), Map.of(), rsa);
    accepts(signed, "0");
    assertThat(osslsigncode(signed).ok()).isTrue();
  }

  /** Offset and value of a field of .wixburn, and how the lie is refused. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, MALFORMED, not of a bundle",
    "4, 3, MALFORMED, not of a bundle",
    "24, 0, MALFORMED, has no engine",
    "24, 1024, MALFORMED, has no engine",
    "24, 2000000, MALFORMED, has no engine",
    "24, 4294967295, MALFORMED, has no engine",
    "32, 100, MALFORMED, its signature is said to be",
    "32, 4294967295, MALFORMED, its signature is said to be",
    "40, 2, MALFORMED, not of a bundle",
    "44, 400, MALFORMED, more than it can list",
    "44, 4294967295, MALFORMED, more than it can list",
    "44, 2, HIDDEN-DATA, follow the containers",
    "48, 4294967295, MALFORMED, has no engine",
    "52, 4294967295, TRUNCATED, behind the end of the file",
    "52, 1, HIDDEN-DATA, follow the containers"
  })
  void refusesSectionsThatLie(int offset, long value, String code, String message) {
    Bytes bad = BurnBuilder.bundle().with(offset, value);
    assertThat(Samples.FORMAT.recognise(Artifact.of(bad), "")).contains(BurnKind.BURN);
    assertThatThrownBy(() -> samples.unstamped(bad, Map.of(), rsa))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-" + code))
        .hasMessageContaining(message);
  }

  @Test
  void refusesABundleThatIsCut() {
    Bytes bundle = BurnBuilder.bundle().build();
    assertThatThrownBy(() -> samples.unstamped(bundle.slice(0, bundle.size() - 1), Map.of(), rsa))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("containers of the bundle end");
    assertThatThrownBy(
            () -> samples.unstamped(BurnBuilder.bundle().build(), Map.of("kind", "cab"), rsa))
        .isInstanceOf(ArtifactException.class);
    assertThatThrownBy(() ->
            samples.unstamped(
                BurnBuilder.bundle().attached(List.of()).build(), Map.of("kind", "burn"), rsa))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("no WiX bundle");
  }
}
