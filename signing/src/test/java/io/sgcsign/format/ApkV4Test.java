// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.flip;
import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SignerException;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scheme v4: the file beside an APK, judged by Debian's apksigner, and the other way round. */
final class ApkV4Test {
  private static final String PASSWORD = "changeit";
  private static final String GOOD = "Verified using v4 scheme (APK Signature Scheme v4): true";
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final Issued key = issued(KeyType.EC_P256, "V4 TEST");

  @TempDir Path folder;

  private Issued issued(KeyType type, String name) {
    return samples.ca.issue(LeafProfile.codeSigning(name, type, samples.now));
  }

  /** An APK and the file beside it. */
  private record Pair(Bytes apk, Bytes idsig) {}

  private static Pair sign(Bytes file, String schemes, Issued issued) {
    Map<String, String> given = Map.of("schemes", schemes, "v4", "true");
    Options options = Options.of(ApkSamples.FORMAT.descriptor(), given);
    var signer = TestSigner.of(ApkSamples.FORMAT, options, issued);
    Signed signed = ApkSamples.FORMAT.sign(Artifact.of(file), options, signer);
    if (signed instanceof Signed.Patched(var patch, var beside)) {
      assertThat(beside.orElseThrow().suffix()).isEqualTo(".idsig");
      var out = Artifact.of(file).with(patch);
      return new Pair(out.read(0, (int) out.size()), beside.orElseThrow().bytes());
    }
    throw new AssertionError("An APK is signed in place");
  }

  private VerificationReport verify(Bytes apk, Bytes idsig) {
    return ApkSamples.FORMAT.verify(
        Artifact.of(apk), Optional.of(Artifact.of(idsig)), samples.policy());
  }

  private Path write(String name, Bytes file) throws IOException {
    return Files.write(folder.resolve(name), file.toArray());
  }

  private Tool.Result apksigner(Bytes apk, Bytes idsig) throws IOException {
    return Tool.require("apksigner")
        .run(
            "verify",
            "--min-sdk-version",
            28,
            "-v",
            "--v4-signature-file",
            write("v.idsig", idsig),
            write("v.apk", apk));
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, 'v1,v2,v3'",
    "RSA_4096, 'v2,v3'",
    "EC_P256, 'v2'",
    "EC_P384, 'v3'",
  })
  void apksignerAcceptsEveryKindOfKeyAndScheme(KeyType type, String schemes) throws IOException {
    Pair signed = sign(ApkSamples.apk(24), schemes, issued(type, "APK TEST"));

    var said = apksigner(signed.apk(), signed.idsig());
    assertThat(said.output()).contains("Verifies", GOOD);
    var report = verify(signed.apk(), signed.idsig());
    assertThat(refusals(report)).isEmpty();
    assertThat(report.status()).isEqualTo(Status.VALID);
    assertThat(report.signatures()).hasSize(schemes.split(",", -1).length + 1);
    assertThat(report.facts()).containsEntry("schemes", schemes.replace(",", ", ") + ", v4");
  }

  @Test
  void signsPagesOfEverySizeAsApksignerDoes() throws IOException {
    byte[] library = new byte[900_000];
    new Random(8).nextBytes(library);
    Bytes file = ApkSamples.withLibrary(Bytes.wrap(library));
    Pair ours = sign(file, "v2,v3", issued(KeyType.RSA_2048, "Large TEST"));
    assertThat(apksigner(ours.apk(), ours.idsig()).output()).contains(GOOD);
    assertThat(verify(ours.apk(), ours.idsig()).status()).isEqualTo(Status.VALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA_2048", "RSA_4096", "EC_P256"})
  void verifiesWhatApksignerSigned(KeyType type) throws IOException {
    Path keys = folder.resolve("keys.p12");
    Issued chained = issued(type, "Theirs");
    // apksig makes v4 for a certificate that stands alone
    var alone = new CertificateChain(List.of(chained.certificate()));
    Files.write(
        keys, new Issued(chained.keys(), alone).pkcs12(PASSWORD.toCharArray(), "key").toArray());
    Path file = write("theirs.apk", ApkSamples.apk(24));
    Tool.require("apksigner")
        .succeed(
            "sign",
            "--ks",
            keys,
            "--ks-pass",
            "pass:" + PASSWORD,
            "--v4-signing-enabled",
            "true",
            file);
    Bytes idsig = Bytes.wrap(Files.readAllBytes(folder.resolve("theirs.apk.idsig")));
    var policy = VerificationPolicy.of(List.of(chained.certificate()), samples.now, Set.of());
    Bytes apk = Bytes.wrap(Files.readAllBytes(file));
    var report =
        ApkSamples.FORMAT.verify(Artifact.of(apk), Optional.of(Artifact.of(idsig)), policy);
    assertThat(refusals(report)).isEmpty();
    assertThat(report.status()).isEqualTo(Status.VALID);
    assertThat(report.facts().get("schemes")).endsWith("v4");
  }

  /** Whether either of the two ways to refuse a file was taken. */
  private boolean refused(Bytes apk, Bytes idsig) {
    try {
      return verify(apk, idsig).status() == Status.INVALID;
    } catch (ArtifactException e) {
      return e.code().equals("SGC-ARTIFACT-MALFORMED");
    }
  }

  @Test
  void refusesEveryOtherByteAndLength() {
    Pair good = sign(ApkSamples.covered(24), "v2,v3", key);
    Bytes idsig = good.idsig();
    int tree = idsig.size() - 4096;
    for (int at = 0; at < idsig.size(); at += at < tree + 64 ? 1 : 67) {
      assertThat(refused(good.apk(), flip(idsig, at, 1))).as("byte " + at).isTrue();
    }
    for (int size = 0; size < idsig.size(); size += 67) {
      assertThat(refused(good.apk(), idsig.slice(0, size))).as("%s bytes", size).isTrue();
    }
    assertThat(refused(good.apk(), Bytes.concat(idsig, Bytes.utf8("x")))).isTrue();
    assertThat(refused(good.apk(), Bytes.utf8("rubbish that is no signature"))).isTrue();
    assertThat(refused(good.apk(), Bytes.wrap(new byte[9 << 20]))).isTrue();
    Bytes huge = Bytes.fromHex("02000000ffffff7f");
    assertThat(refused(good.apk(), Bytes.concat(huge, Bytes.wrap(new byte[1 << 20])))).isTrue();
  }

  @Test
  void apksignerRefusesWhatWeRefuse() throws IOException {
    Pair good = sign(ApkSamples.apk(24), "v2,v3", key);
    Bytes idsig = good.idsig();
    // in the root hash, in the certificate, in the tree
    for (int at : new int[] {30, 200, idsig.size() - 4090}) {
      Bytes changed = flip(idsig, at, 1);
      assertThat(apksigner(good.apk(), changed).output()).as("at " + at).doesNotContain(GOOD);
      assertThat(refused(good.apk(), changed)).isTrue();
    }
    Bytes cut = idsig.slice(0, 300); // of a tree that is cut off, Debian's apksigner says nothing
    assertThat(apksigner(good.apk(), cut).output()).doesNotContain(GOOD);
    assertThat(refused(good.apk(), cut)).isTrue();
  }

  @Test
  void refusesTheFileOfAnotherApkSignerOrScheme() throws IOException {
    Pair good = sign(ApkSamples.apk(24), "v2,v3", key);
    Pair other = sign(ApkSamples.apk(26), "v2,v3", key);
    Pair foreign = sign(ApkSamples.apk(24), "v2,v3", issued(KeyType.EC_P256, "Other"));
    for (Pair wrong : new Pair[] {other, foreign}) {
      assertThat(refused(good.apk(), wrong.idsig())).isTrue();
      assertThat(apksigner(good.apk(), wrong.idsig()).output()).doesNotContain(GOOD);
    }
    Bytes old = ApkSamples.sign(ApkSamples.covered(24), Map.of("schemes", "v1"), key);
    assertThat(refused(old, good.idsig())).isTrue();
    assertThat(refused(good.apk(), good.idsig())).isFalse();
  }

  @Test
  void missesAFileThatWasAskedFor() {
    Bytes apk = sign(ApkSamples.apk(24), "v2,v3", key).apk();
    Options options = Options.of(ApkSamples.FORMAT.descriptor(), Map.of("v4", "true"));
    var report =
        ApkSamples.FORMAT.verify(Artifact.of(apk), Optional.empty(), options, samples.policy());
    assertThat(report.status()).isEqualTo(Status.INVALID);
    assertThat(refusals(report)).contains(CheckName.STRUCTURE);
    assertThat(ApkSamples.verify(apk, samples.policy()).status()).isEqualTo(Status.VALID);
  }

  @Test
  void refusesV4WithoutASchemeToStandOn() {
    assertThatThrownBy(() -> sign(ApkSamples.covered(24), "v1", key))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining("v4 stands on v2 or v3");
  }

  @Test
  void refusesCertificatesThatAndroidWouldNotRead() {
    var hosts = IntStream.range(0, 400).mapToObj(i -> "a-long-name-" + i + ".test").toList();
    Issued large = samples.ca.issue(LeafProfile.tlsServer(hosts, KeyType.EC_P256, samples.now));
    assertThatThrownBy(() -> sign(ApkSamples.apk(24), "v2", large))
        .isInstanceOf(SignerException.Refused.class)
        .hasMessageContaining("larger than Android takes");
  }

  /** Stops at one ask. */
  private record Stopping(Signer real, int at, RuntimeException why, AtomicInteger asks)
      implements Signer {
    @Override
    public SigningContext context() {
      return real.context();
    }

    @Override
    public SignatureBlock sign(Imprint imprint) {
      if (asks.incrementAndGet() == at) {
        throw why;
      }
      return real.sign(imprint);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void letsThroughWhatTheSignerStopsWith(int at) {
    Options options = Options.of(ApkSamples.FORMAT.descriptor(), Map.of("v4", "true"));
    for (RuntimeException why :
        List.of(new SignerException.Pending("r"), new IllegalArgumentException("a bug"))) {
      var signer =
          new Stopping(
              TestSigner.of(ApkSamples.FORMAT, options, key), at, why, new AtomicInteger());
      assertThatThrownBy(
              () -> ApkSamples.FORMAT.sign(Artifact.of(ApkSamples.covered(21)), options, signer))
          .isSameAs(why);
    }
  }
}
