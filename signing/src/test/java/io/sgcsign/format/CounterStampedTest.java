// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.net.Egress;
import io.sgcsign.net.RestClient;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.timestamp.CounterSignatureClient;
import io.sgcsign.timestamp.FakeLegacyTsa;
import io.sgcsign.timestamp.FakeLegacyTsa.Behaviour;
import io.sgcsign.timestamp.TimestampException;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jsign.AuthenticodeSigner;
import net.jsign.Signable;
import net.jsign.timestamp.TimestampingMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PKCS#9 time stamps of a fake authority that other programs take for a real one. */
final class CounterStampedTest {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final TestAuthority ca =
      TestAuthority.create(
          new TestAuthority.Setup(KeyType.RSA_2048, now, true, null), new SecureRandom());
  private final Issued signer =
      ca.issue(LeafProfile.codeSigning("Publisher TEST", KeyType.RSA_3072, now));
  private final Issued stamper =
      ca.issue(LeafProfile.timeStamping("Legacy TSA TEST", KeyType.RSA_2048, now));
  private final FakeLegacyTsa tsa = new FakeLegacyTsa(Behaviour.good(stamper));
  private final Bytes program = PeBuilder.x64().build();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    assertThat(tsa.complaints()).isEmpty();
    tsa.close();
  }

  private Bytes sign(Map<String, String> options) {
    Options checked = Options.of(Samples.FORMAT.descriptor(), options);
    try (var http = RestClient.open(Egress.guard(List.of(tsa.uri())), Optional.empty())) {
      var client =
          new CounterSignatureClient(
              tsa.uri(), Optional.empty(), Duration.ofSeconds(30), http, InstantSource.system());
      var asked =
          TestSigner.of(Samples.FORMAT, checked, signer, Optional.empty(), Optional.of(client));
      var artifact = Artifact.of(program);
      if (Samples.FORMAT.sign(artifact, checked, asked) instanceof Signed.Patched patched) {
        var signed = artifact.with(patched.patch());
        return signed.read(0, (int) signed.size());
      }
      throw new AssertionError("Authenticode patches");
    }
  }

  private VerificationReport verify(Bytes file) {
    var policy =
        VerificationPolicy.of(
            List.of(ca.root()), Instant.now(), Set.of(VerificationPolicy.CODE_SIGNING));
    return Samples.verify(file, policy);
  }

  /** Accepted and stamped by the authority, as we and osslsigncode read it. */
  private void good(Bytes file) throws IOException {
    VerificationReport report = verify(file);
    assertThat(report.valid()).as("%s", report).isTrue();
    for (var signature : report.signatures()) {
      var stamp = signature.timestamp().orElseThrow();
      assertThat(stamp.type()).isEqualTo("pkcs9");
      assertThat(stamp.subject()).contains("Legacy TSA TEST");
      assertThat(stamp.time()).isBetween(now, now.plusSeconds(120));
      assertThat(signature.survivesExpiry()).isTrue();
    }
    Path path = Files.write(folder.resolve("signed.exe"), file.toArray());
    Path root = Files.writeString(folder.resolve("root.pem"), ca.rootPem());
    String said =
        Tool.require("osslsigncode")
            .succeed("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", path);
    assertThat(said)
        .contains("Signature verification: ok", "Timestamp time:")
        .containsPattern("Authenticode Timestamp|Countersignatures:")
        .doesNotContain("Timestamp is not available", "MISMATCH");
  }

  @Test
  void isTakenByOsslsigncode() throws IOException {
    Path certificates = Files.writeString(folder.resolve("c.pem"), signer.certificatesPem());
    Path key = Files.writeString(folder.resolve("k.pem"), signer.privateKeyPem());
    Path in = Files.write(folder.resolve("in.exe"), program.toArray());
    Path out = folder.resolve("out.exe");
    Tool.require("osslsigncode")
        .succeed(
            "sign",
            "-certs",
            certificates,
            "-key",
            key,
            "-h",
            "sha256",
            "-t",
            tsa.uri(),
            "-in",
            in,
            "-out",
            out);
    assertThat(tsa.stamped()).hasSize(1);
    good(Bytes.wrap(Files.readAllBytes(out)));
  }

  @Test
  void isTakenByJsign() throws Exception {
    Path file = Files.write(folder.resolve("j.exe"), program.toArray());
    var chain = signer.chain().certificates().toArray(X509Certificate[]::new);
    var jsign =
        new AuthenticodeSigner(chain, signer.keys().getPrivate())
            .withTimestamping(true)
            .withTimestampingMode(TimestampingMode.AUTHENTICODE)
            .withTimestampingAuthority(tsa.uri().toString());
    try (Signable signable = Signable.of(file.toFile())) {
      jsign.sign(signable);
    }
    assertThat(tsa.stamped()).hasSize(1);
    good(Bytes.wrap(Files.readAllBytes(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256", "sha384", "sha1,sha256"})
  void stampsEverySignatureOfAFile(String hash) throws IOException {
    good(sign(Map.of("hash", hash, "timestamp_protocol", "authenticode")));
    assertThat(tsa.stamped()).hasSize(hash.split(",").length);
  }

  @Test
  void standsUpToChangesOfTheStamp() {
    Bytes file = sign(Map.of("timestamp_protocol", "authenticode"));
    byte[] bytes = file.toArray();
    // the counter-signature stands last: behind its value only padding follows
    int changed = 0;
    for (int at = bytes.length - 40; at > bytes.length - 240; at -= 20) {
      bytes[at] ^= 1;
      assertThat(verify(Bytes.wrap(bytes.clone())).valid()).as("byte %s", at).isFalse();
      bytes[at] ^= 1;
      changed++;
    }
    assertThat(changed).isEqualTo(10);
  }

  @Test
  void signsNothingIfTheStampIsNoGood() {
    tsa.behave(Behaviour.good(ca.issue(LeafProfile.codeSigning("No TSA", KeyType.RSA_2048, now))));
    assertThatThrownBy(() -> sign(Map.of("timestamp_protocol", "authenticode")))
        .isInstanceOf(TimestampException.class)
        .hasMessageContaining("key_usage");
  }
}
