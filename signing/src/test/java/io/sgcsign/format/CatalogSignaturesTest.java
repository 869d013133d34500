// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.cat.CatalogBuilder;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.ImprintException;
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
import java.util.TreeMap;
import net.jsign.AuthenticodeSigner;
import net.jsign.DigestAlgorithm;
import net.jsign.Signable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed catalogs against osslsigncode and jsign. */
final class CatalogSignaturesTest {
  private static final Bytes FILE = CatalogBuilder.of(20);

  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final Issued rsa =
      samples.ca.issue(LeafProfile.codeSigning("Catalog TEST", KeyType.RSA_2048, samples.now));

  @TempDir Path folder;

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
    return Files.write(Files.createTempFile(folder, "c", ".cat"), file.toArray());
  }

  private Tool.Result osslsigncode(Bytes file) throws IOException {
    Path root = Files.writeString(folder.resolve("root.pem"), samples.ca.rootPem());
    return Tool.require("osslsigncode")
        .run("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", write(file));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 3_000})
  void osslsigncodeAcceptsOurSignature(int members) throws IOException {
    Bytes signed = samples.stamped(CatalogBuilder.of(members), Map.of("description", "Files"));
    accepts(signed, 1);
    var said = osslsigncode(signed);
    assertThat(said.ok()).as(said.output()).isTrue();
    assertThat(said.output()).contains("Timestamp Server Signature verification: ok");
    // a digit of the list's date
    assertThat(osslsigncode(Samples.flip(signed, 95, 1)).ok()).isFalse();
  }

  @Test
  void weAcceptTheSignatureOfOsslsigncode() throws IOException {
    Path key = Files.writeString(folder.resolve("key.pem"), rsa.privateKeyPem());
    Path chain = Files.writeString(folder.resolve("chain.pem"), rsa.certificatesPem());
    Path out = folder.resolve("out.cat");
    Tool.require("osslsigncode")
        .succeed(
            "sign", "-certs", chain, "-key", key, "-h", "sha256", "-in", write(FILE), "-out", out);
    Bytes theirs = Bytes.wrap(Files.readAllBytes(out));
    accepts(theirs, 1);
    rejectsChanges(theirs);
    accepts(samples.unstamped(theirs, Map.of("existing", "append"), rsa), 2);
    assertThat(remove(theirs)).isEqualTo(FILE);
  }

  @Test
  void weAcceptTheSignatureOfJsign() throws Exception {
    Path target = write(FILE);
    var chain = rsa.chain().certificates().toArray(X509Certificate[]::new);
    var signer =
        new AuthenticodeSigner(chain, rsa.keys().getPrivate())
            .withDigestAlgorithm(DigestAlgorithm.SHA256)
            .withTimestamping(false);
    try (Signable signable = Signable.of(target.toFile())) {
      signer.sign(signable);
    }
    Bytes theirs = Bytes.wrap(Files.readAllBytes(target));
    accepts(theirs, 1);
    rejectsChanges(theirs);
    assertThat(remove(theirs)).isEqualTo(FILE);
  }

  private void rejectsChanges(Bytes signed) {
    var random = new Random(signed.size());
    var signer = samples.verify(signed).primary().orElseThrow().certificate();
    int passed = 0;
    for (int i = 0; i < 200; i++) {
      int at = random.nextInt(signed.size());
      Bytes changed = Samples.flip(signed, at, 1 + random.nextInt(255));
      if (valid(changed)) {
        passed++; // certificates outside the path
        assertThat(samples.verify(changed).primary().orElseThrow().certificate()).isEqualTo(signer);
      }
      assertThat(valid(signed.slice(0, at))).isFalse();
    }
    assertThat(passed).isLessThan(60);
    for (int at = 100; at < 2_000; at += 7) {
      assertThat(valid(Samples.flip(signed, at, 1))).as("byte %s of the list", at).isFalse();
    }
    assertThat(valid(Bytes.concat(signed, Bytes.of((byte) 0)))).isFalse();
  }

  @Test
  void staysGoodThroughFiveRoundsAndComesBackToTheOriginal() throws IOException {
    Bytes file = FILE;
    for (int round = 0; round < 5; round++) {
      Bytes once = samples.unstamped(file, Map.of(), rsa);
      accepts(once, 1);
      Bytes twice = samples.unstamped(once, Map.of("existing", "append", "hash", "sha384"), rsa);
      accepts(twice, 2);
      assertThat(osslsigncode(twice).ok()).isTrue();
      file = samples.unstamped(twice, Map.of(), rsa);
      assertThat(file).isEqualTo(once);
      assertThat(remove(twice)).isEqualTo(FILE);
    }
    rejectsChanges(file);
    assertThat(samples.verify(remove(file)).status()).isEqualTo(Status.UNSIGNED);
  }

  /** szOID_ROOT_LIST_SIGNER and the like: what such a list says, no code signer may say. */
  @Test
  void signsNoListOfTrustedRoots() {
    Bytes roots = CatalogBuilder.of(3, "1.3.6.1.4.1.311.10.3.9");
    assertThatThrownBy(() -> samples.unstamped(roots, Map.of(), rsa))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("not that of a catalog");
  }

  @Test
  void takesNoImprintWhoseListIsAnother() {
    Options options = Options.of(Samples.FORMAT.descriptor(), Map.of());
    var signer = TestSigner.of(Samples.FORMAT, options, rsa);
    var _ = Samples.FORMAT.sign(Artifact.of(FILE), options, signer);
    Imprint good = signer.asked().getFirst();
    var facts = new TreeMap<>(good.facts());
    facts.replaceAll((_, list) -> list.substring(0, list.length() - 8) + "AAAAAAA=");
    var bad =
        new Imprint(
            good.format(),
            good.kind(),
            good.digest(),
            good.artifact(),
            good.signer(),
            good.parts(),
            facts);
    assertThatThrownBy(() -> Samples.FORMAT.toBeSigned(bad, options, signer.context()))
        .isInstanceOf(ImprintException.class);
    assertThat(Samples.FORMAT.descriptor().byHash("cat")).isFalse();
    assertThat(Samples.FORMAT.descriptor().byHash("pe")).isTrue();
  }
}
