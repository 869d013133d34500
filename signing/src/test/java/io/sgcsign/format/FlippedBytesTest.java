// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random one-byte changes of a signed and stamped file. */
final class FlippedBytesTest {
  private static final long SEED = 20261121;
  private static final String SHA256_SET = "310f300d06096086480165030402010500";

  // osslsigncode compares with the clock of the machine
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final PeBuilder pe = PeBuilder.x64();
  private final Bytes checked =
      samples.stamped(pe.build(), Map.of("description", "Flip me", "page_hashes", "true"));

  /** Without a checksum it must be the signature that tells. */
  private final Bytes file = PeBuilder.u32(checked, pe.checksumAt(), 0);

  private final int table = pe.build().size();

  @TempDir Path folder;

  private Optional<VerificationReport> verify(Bytes changed) {
    try {
      return Optional.of(samples.verify(changed));
    } catch (ArtifactException e) {
      return Optional.empty(); // not even a program any more
    }
  }

  /** Where nothing is authenticated: versions of CMS and names of certificates by their issuer. */
  private BitSet uncovered() {
    var out = new BitSet();
    String hex = file.toHex();
    for (String version : List.of("020101", "020103")) {
      mark(out, hex, version + SHA256_SET, 3);
    }
    X509Certificate leaf = samples.leaf.certificate();
    var report = samples.verify(file).primary().orElseThrow();
    assertThat(report.timestamp()).isPresent();
    for (X509Certificate signer : List.of(leaf, samples.tsaCertificate)) {
      Bytes issuer = Bytes.wrap(signer.getIssuerX500Principal().getEncoded());
      Bytes named = DerWriter.sequence(issuer, DerWriter.integer(signer.getSerialNumber()));
      mark(out, hex, named.toHex(), named.size());
    }
    return out;
  }

  private static void mark(BitSet out, String hex, String what, int length) {
    for (int at = hex.indexOf(what); at >= 0; at = hex.indexOf(what, at + 1)) {
      if (at % 2 == 0) {
        out.set(at / 2, at / 2 + length);
      }
    }
  }

  private List<Bytes> survivors(int from, int count, IntUnaryOperator bits) {
    var random = new Random(SEED);
    var original = samples.verify(file).primary().orElseThrow();
    BitSet uncovered = uncovered();
    var survivors = new ArrayList<Bytes>();
    for (int i = 0; i < count; i++) {
      int at = from + random.nextInt(file.size() - from);
      Bytes changed = Samples.flip(file, at, bits.applyAsInt(random.nextInt(255)));
      Optional<VerificationReport> report = verify(changed);
      if (report.isPresent() && report.get().valid()) {
        assertThat(uncovered.get(at))
            .as("byte %d of %d is authenticated", at, file.size())
            .isTrue();
        var now = report.get().primary().orElseThrow();
        assertThat(now.certificate()).isEqualTo(original.certificate());
        assertThat(now.timestamp().orElseThrow().time())
            .isEqualTo(original.timestamp().orElseThrow().time());
        survivors.add(changed);
      }
    }
    return survivors;
  }

  @Test
  void rejectsEveryChangeOfAuthenticatedBytesAnywhere() throws IOException {
    assertThat(samples.verify(file).valid()).isTrue();
    List<Bytes> survivors = survivors(0, 1000, any -> 1 + any);
    assertThat(survivors).hasSizeLessThan(20);
    osslsigncodeAccepts(survivors);
  }

  @Test
  void rejectsEveryChangeOfAuthenticatedBytesInTheCertificateTable() throws IOException {
    osslsigncodeAccepts(survivors(table, 1500, any -> 1 << (any % 8)));
  }

  /** We are never more lenient. */
  private void osslsigncodeAccepts(List<Bytes> survivors) throws IOException {
    Tool osslsigncode = Tool.require("osslsigncode");
    Path root = Files.writeString(folder.resolve("root.pem"), samples.ca.rootPem());
    survivors.add(file);
    for (Bytes survivor : survivors) {
      Path changed = Files.write(folder.resolve("changed.exe"), survivor.toArray());
      String said =
          osslsigncode.succeed("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", changed);
      assertThat(said)
          .contains("Timestamp Server Signature verification: ok", "Signature verification: ok");
    }
  }

  @Test
  void rejectsEveryChangeOfThePaddingOfTheTable() {
    var entry = PeFile.parse(Artifact.of(file)).certificates().entries().getFirst();
    int padding = entry.slack().size();
    Bytes padded = padding > 0 ? file : signedWithPadding();
    int last = padded.size() - 1;
    assertThat(samples.verify(padded).valid()).isTrue();
    for (int bit = 0; bit < 8; bit++) {
      assertThat(samples.verify(Samples.flip(padded, last, 1 << bit)).valid()).isFalse();
    }
  }

  /** ECDSA signatures differ in length, a description does as it is told. */
  private Bytes signedWithPadding() {
    for (int length = 1; ; length++) {
      Bytes signed = samples.stamped(pe.build(), Map.of("description", "x".repeat(length)));
      var entry = PeFile.parse(Artifact.of(signed)).certificates().entries().getFirst();
      if (entry.slack().size() > 0) {
        return signed;
      }
    }
  }

  @Test
  void rejectsEveryChangeOfTheChecksum() {
    assertThat(samples.verify(checked).valid()).isTrue();
    for (int bit = 0; bit < 32; bit++) {
      Bytes changed = Samples.flip(checked, pe.checksumAt() + bit / 8, 1 << (bit % 8));
      assertThat(samples.verify(changed).valid()).isFalse();
    }
  }
}
