// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.flip;
import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestTsa;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.timestamp.FakeLegacyTsa;
import io.sgcsign.tool.HttpStub;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.TimestampReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jsign.AuthenticodeSigner;
import net.jsign.DigestAlgorithm;
import net.jsign.Signable;
import net.jsign.timestamp.RFC3161Timestamper;
import net.jsign.timestamp.TimestampingMode;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that osslsigncode and jsign signed. */
final class ForeignSignaturesTest {
  // the tools write the time of the machine
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final Bytes program = PeBuilder.x64().sections(3, 5 * 1024).overlay(21).build();

  @TempDir Path folder;

  private Path write(Bytes content) throws IOException {
    return Files.write(Files.createTempFile(folder, "f", ".exe"), content.toArray());
  }

  private Bytes osslsigncode(Bytes file, Issued issued, Object... more) throws IOException {
    Path key = Files.writeString(folder.resolve("key.pem"), issued.privateKeyPem());
    Path chain = Files.writeString(folder.resolve("chain.pem"), issued.certificatesPem());
    Path out = folder.resolve("out.exe");
    Files.deleteIfExists(out);
    var arguments = new ArrayList<Object>(List.of("sign", "-certs", chain, "-key", key));
    arguments.addAll(Arrays.asList(more));
    arguments.addAll(List.of("-in", write(file), "-out", out));
    String said = Tool.require("osslsigncode").succeed(arguments.toArray());
    assertThat(said).contains("Succeeded");
    return Bytes.wrap(Files.readAllBytes(out));
  }

  private Issued issued(KeyType type) {
    return samples.ca.issue(LeafProfile.codeSigning("Foreign TEST", type, samples.now));
  }

  private Issued tsa() {
    return samples.ca.issue(LeafProfile.timeStamping("TSA TEST", KeyType.RSA_2048, samples.now));
  }

  private HttpStub rfc3161(Issued tsa) {
    var issuer = TestTsa.of(tsa, InstantSource.system());
    return HttpStub.answering(request ->
        new HttpStub.Answer(200, "application/timestamp-reply", issuer.respond(request)));
  }

  private VerificationReport accepts(Bytes file) {
    var report = samples.verify(file);
    assertThat(refusals(report)).isEmpty();
    assertThat(report.valid()).isTrue();
    return report;
  }

  /** One byte of the image and many of the table changed: none may pass for the same. */
  private void rejectsChanges(Bytes file) {
    assertThat(samples.verify(flip(file, program.size() / 2, 4)).valid()).isFalse();
    int table = (int) PeFile.parse(Artifact.of(file)).header().tableOffset();
    var original = samples.verify(file).primary().orElseThrow();
    var random = new Random(1);
    int passed = 0;
    for (int i = 0; i < 200; i++) {
      int at = table + random.nextInt(file.size() - table);
      Optional<SignatureReport> valid = valid(flip(file, at, 1 + random.nextInt(255)));
      if (valid.isPresent()) {
        passed++;
        assertThat(valid.get().certificate()).isEqualTo(original.certificate());
        assertThat(valid.get().timestamp().map(TimestampReport::time))
            .isEqualTo(original.timestamp().map(TimestampReport::time));
      }
    }
    // the tools embed the root, which no path takes from the file
    assertThat(passed).isLessThan(100);
  }

  private Optional<SignatureReport> valid(Bytes file) {
    try {
      VerificationReport report = samples.verify(file);
      return report.valid() ? report.primary() : Optional.empty();
    } catch (ArtifactException e) {
      return Optional.empty(); // not even a program any more
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyType.class,
      names = {"RSA_3072", "RSA_4096", "EC_P256", "EC_P384", "EC_P521"})
  void acceptsOsslsigncode(KeyType type) throws IOException {
    for (String hash : List.of("sha1", "sha256", "sha384", "sha512")) {
      Bytes file = osslsigncode(program, issued(type), "-h", hash, "-n", "x", "-ph");
      assertThat(accepts(file).primary().orElseThrow().digestAlgorithm()).isEqualTo(hash);
    }
    rejectsChanges(osslsigncode(program, issued(type), "-h", "sha256"));
  }

  @Test
  void acceptsOsslsigncodeStampedOverHttpByOurIssuer() throws IOException {
    try (var server = rfc3161(tsa())) {
      Bytes file =
          osslsigncode(program, issued(KeyType.RSA_2048), "-h", "sha256", "-ts", server.uri());
      var stamp = accepts(file).primary().orElseThrow().timestamp().orElseThrow();
      assertThat(stamp.type()).isEqualTo("rfc3161");
      assertThat(stamp.subject()).startsWith("CN=TSA TEST");
      rejectsChanges(file);
    }
  }

  @Test
  void acceptsOsslsigncodeStampedByItself() throws IOException {
    Issued tsa = tsa();
    Path key = Files.writeString(folder.resolve("tsa.key"), tsa.privateKeyPem());
    Path chain = Files.writeString(folder.resolve("tsa.pem"), tsa.certificatesPem());
    Bytes file =
        osslsigncode(
            program, issued(KeyType.EC_P256), "-h", "sha256", "-TSA-certs", chain, "-TSA-key", key);
    assertThat(accepts(file).primary().orElseThrow().survivesExpiry()).isTrue();
  }

  @Test
  void acceptsTheCounterSignatureOfBeforeRfc3161() throws IOException {
    Issued tsa = tsa();
    try (var server = new FakeLegacyTsa(FakeLegacyTsa.Behaviour.good(tsa))) {
      Bytes file =
          osslsigncode(program, issued(KeyType.RSA_2048), "-h", "sha256", "-t", server.uri());
      SignatureReport signature = accepts(file).primary().orElseThrow();
      assertThat(signature.timestamp().orElseThrow().type()).isEqualTo("pkcs9");
      assertThat(signature.survivesExpiry()).isTrue();
      var later = samples.policy().at(samples.now.plus(5 * 365, ChronoUnit.DAYS));
      assertThat(Samples.verify(file, later).valid()).isTrue();
      rejectsChanges(file);
    }
  }

  @Test
  void refusesTheCounterSignatureOfAStranger() throws IOException {
    Issued stranger = samples.ca.issue(samples.profile());
    try (var server = new FakeLegacyTsa(FakeLegacyTsa.Behaviour.good(stranger))) {
      Bytes file =
          osslsigncode(program, issued(KeyType.RSA_2048), "-h", "sha256", "-t", server.uri());
      assertThat(refusals(samples.verify(file))).containsExactly(CheckName.TIMESTAMP);
    }
  }

  @Test
  void acceptsNestedSignaturesOfOsslsigncode() throws IOException {
    Bytes once = osslsigncode(program, issued(KeyType.RSA_2048), "-h", "sha1");
    Bytes twice = osslsigncode(once, issued(KeyType.EC_P256), "-h", "sha256", "-nest");
    Bytes thrice = osslsigncode(twice, issued(KeyType.EC_P384), "-h", "sha384", "-nest");
    assertThat(accepts(thrice).signatures())
        .extracting(SignatureReport::path)
        .containsExactly("0", "0.nested.0", "0.nested.1");
  }

  @Test
  void refusesTheUnauthenticatedBlobOfOsslsigncode() throws IOException {
    Bytes file =
        osslsigncode(program, issued(KeyType.RSA_2048), "-h", "sha256", "-addUnauthenticatedBlob");
    assertThat(refusals(samples.verify(file))).containsExactly(CheckName.HIDDEN_DATA);
  }

  /** jsign's client of a time-stamp authority, without a network. */
  private static final class InProcess extends RFC3161Timestamper {
    private final Issued tsa;

    InProcess(Issued tsa) {
      this.tsa = tsa;
    }

    @Override
    protected CMSSignedData timestamp(DigestAlgorithm algorithm, byte[] value) throws IOException {
      var digest =
          Digest.of(
              io.sgcsign.pki.DigestAlgorithm.byOid(algorithm.oid.getId()).orElseThrow(),
              Bytes.of(value));
      try {
        return new CMSSignedData(
            TestTsa.of(tsa, InstantSource.system()).stamp(digest).der().toArray());
      } catch (CMSException e) {
        throw new IOException(e);
      }
    }
  }

  private Bytes jsign(Bytes file, Issued issued, DigestAlgorithm digest, boolean replace)
      throws Exception {
    Path target = write(file);
    var chain = issued.chain().certificates().toArray(X509Certificate[]::new);
    var signer =
        new AuthenticodeSigner(chain, issued.keys().getPrivate())
            .withDigestAlgorithm(digest)
            .withSignaturesReplaced(replace)
            .withTimestamping(true)
            .withTimestampingMode(TimestampingMode.RFC3161)
            .withTimestamper(new InProcess(tsa()));
    try (Signable signable = Signable.of(target.toFile())) {
      signer.sign(signable);
    }
    return Bytes.wrap(Files.readAllBytes(target));
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyType.class,
      names = {"RSA_3072", "RSA_4096", "EC_P256", "EC_P384", "EC_P521"})
  void acceptsJsign(KeyType type) throws Exception {
    Bytes once = jsign(program, issued(type), DigestAlgorithm.SHA256, true);
    assertThat(accepts(once).primary().orElseThrow().timestamp()).isPresent();
    rejectsChanges(once);
    Bytes twice = jsign(once, issued(KeyType.RSA_2048), DigestAlgorithm.SHA512, false);
    assertThat(accepts(twice).signatures()).hasSize(2);
  }
}
