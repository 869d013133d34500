// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.flip;
import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestTsa;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.CheckName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
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

/** Packages that jsign signed. */
final class ForeignPackagesTest {
  // jsign writes the time of the machine
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));

  @TempDir Path folder;

  /** jsign's client of a time-stamp authority, without a network. */
  private static final class InProcess extends RFC3161Timestamper {
    private final Issued tsa;

    InProcess(Issued tsa) {
      this.tsa = tsa;
    }

    @Override
    protected CMSSignedData timestamp(DigestAlgorithm algorithm, byte[] value) throws IOException {
      var ours = io.sgcsign.pki.DigestAlgorithm.byOid(algorithm.oid.getId()).orElseThrow();
      var token = TestTsa.of(tsa, InstantSource.system()).stamp(Digest.of(ours, Bytes.of(value)));
      try {
        return new CMSSignedData(token.der().toArray());
      } catch (CMSException e) {
        throw new IOException(e);
      }
    }
  }

  private Bytes jsign(Bytes file, DigestAlgorithm digest, boolean stamped) throws Exception {
    Path target = Files.write(folder.resolve("x.nupkg"), file.toArray());
    Issued issued = PackageSamples.signer(samples);
    Issued tsa =
        samples.ca.issue(LeafProfile.timeStamping("TSA TEST", KeyType.RSA_2048, samples.now));
    var signer =
        new AuthenticodeSigner(
                issued.chain().certificates().toArray(X509Certificate[]::new),
                issued.keys().getPrivate())
            .withDigestAlgorithm(digest)
            .withSignaturesReplaced(true)
            .withTimestamping(stamped)
            .withTimestampingMode(TimestampingMode.RFC3161)
            .withTimestamper(new InProcess(tsa));
    try (Signable signable = Signable.of(target.toFile())) {
      signer.sign(signable);
    }
    return Bytes.wrap(Files.readAllBytes(target));
  }

  @ParameterizedTest
  @EnumSource(
      value = DigestAlgorithm.class,
      names = {"SHA256", "SHA384"})
  void acceptsJsign(DigestAlgorithm digest) throws Exception {
    Bytes original = PackageSamples.nupkg();
    Bytes file = jsign(original, digest, true);
    var report = PackageSamples.verify(file, samples.policy());
    assertThat(refusals(report)).as(report.toString()).isEmpty();
    assertThat(report.valid()).isTrue();
    assertThat(report.primary().orElseThrow().timestamp()).isPresent();
    assertThat(PackageSamples.removed(file)).isEqualTo(original);

    int content = (int) ZipFile.parse(Artifact.of(file)).entries().get(2).dataAt();
    assertThat(refusals(PackageSamples.verify(flip(file, content, 1), samples.policy())))
        .contains(CheckName.CONTENT_DIGEST);
    int block =
        (int) ZipFile.parse(Artifact.of(file)).entry(".signature.p7s").orElseThrow().dataAt();
    rejects(flip(file, block + 100, 1));
    rejects(file.slice(0, file.size() - 5));
    rejects(Bytes.concat(file, Bytes.utf8("x")));
  }

  /** When jsign 7.4 adds a stamp, it cuts a byte off contents of more than 127. */
  @Test
  void judgesSha512OfJsignAsOpensslDoes() throws Exception {
    for (boolean stamped : new boolean[] {false, true}) {
      Bytes file = jsign(PackageSamples.nupkg(), DigestAlgorithm.SHA512, stamped);
      Path block =
          Files.write(
              folder.resolve("block"),
              PackageSamples.FORMAT.blocks(Artifact.of(file)).getFirst().toArray());
      boolean openssl =
          Tool.require("openssl")
              .run("cms", "-verify", "-inform", "DER", "-in", block, "-noverify", "-binary")
              .ok();
      assertThat(openssl).isEqualTo(!stamped);
      assertThat(PackageSamples.verify(file, samples.policy()).valid()).isEqualTo(openssl);
    }
  }

  private void rejects(Bytes file) {
    try {
      assertThat(PackageSamples.verify(file, samples.policy()).valid()).isFalse();
    } catch (ArtifactException e) {
      assertThat(e.code()).startsWith("SGC-ARTIFACT-");
    }
  }
}
