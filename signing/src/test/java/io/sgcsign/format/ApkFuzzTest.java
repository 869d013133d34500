// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.apk.SigningBlock;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.signature.Signer;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import io.sgcsign.verify.VerificationReport;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Hostile APKs: verified, signed, stripped; and hostile files of scheme v4 beside a good APK, which
 * begin with their version as no archive does.
 */
public final class ApkFuzzTest implements FuzzTarget {
  private static final Samples SAMPLES =
      new Samples(Instant.parse("2026-11-21T12:00:00Z"), new SeededRandom(8));
  private static final Issued ISSUED =
      SAMPLES.ca.issue(LeafProfile.codeSigning("Fuzz TEST", KeyType.RSA_2048, SAMPLES.now));
  private static final Options OPTIONS =
      Options.of(ApkSamples.FORMAT.descriptor(), Map.of("schemes", "v2,v3", "v4", "true"));
  private static final Signer SIGNER = TestSigner.of(ApkSamples.FORMAT, OPTIONS, ISSUED);
  private static final Bytes FILE = ApkSamples.covered(24);
  private static final Signed.Patched PATCHED = signed(FILE);
  private static final Bytes SIGNED = applied(FILE, PATCHED);
  private static final Bytes IDSIG = PATCHED.beside().orElseThrow().bytes();
  private static final Bytes V4 = IDSIG.slice(0, 4);

  /** Bytes of the tree and its length. */
  private static final int TREE = 4096 + 4;

  private static final ApkFuzzTest TARGET = new ApkFuzzTest();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  private static Signed.Patched signed(Bytes file) {
    return (Signed.Patched) ApkSamples.FORMAT.sign(Artifact.of(file), OPTIONS, SIGNER);
  }

  private static Bytes applied(Bytes file, Signed.Patched signed) {
    var out = Artifact.of(file).with(signed.patch());
    return out.read(0, (int) out.size());
  }

  @Override
  public String read(Bytes input) {
    try {
      if (input.size() >= V4.size() && input.slice(0, V4.size()).equals(V4)) {
        return "v4 " + beside(input);
      }
      sign(input);
      return word(ApkSamples.verify(input, SAMPLES.policy()));
    } catch (ArtifactException e) {
      return FuzzTarget.refusal(e);
    }
  }

  private static String word(VerificationReport report) {
    return report.status().name().toLowerCase(Locale.ROOT);
  }

  /** Nothing but what was signed is good; the algorithm's number is not signed. */
  private static String beside(Bytes idsig) {
    var report =
        ApkSamples.FORMAT.verify(
            Artifact.of(SIGNED), Optional.of(Artifact.of(idsig)), SAMPLES.policy());
    if (report.valid()) {
      int algorithm = IDSIG.size() - TREE - 256 - 8;
      assertThat(idsig.slice(0, algorithm)).isEqualTo(IDSIG.slice(0, algorithm));
      assertThat(idsig.slice(algorithm + 4, idsig.size()))
          .isEqualTo(IDSIG.slice(algorithm + 4, IDSIG.size()));
    }
    return word(report);
  }

  private static void sign(Bytes input) {
    try {
      Bytes bare = ApkSamples.removed(input);
      assertThat(ApkSamples.removed(bare)).isEqualTo(bare);
      Signed.Patched signed = signed(input);
      Bytes out = applied(input, signed);
      assertThat(ApkSamples.FORMAT.blocks(Artifact.of(out))).hasSize(2);
      assertThat(ApkSamples.removed(out)).isEqualTo(bare);
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
    }
  }

  @Override
  public List<Seed> seeds() {
    Bytes whole = ApkSamples.sign(ApkSamples.apk(21), Map.of(), ISSUED);
    int end = SIGNED.size() - 22;
    int block = (int) ZipFile.parse(Artifact.of(SIGNED)).directoryAt() - 24;
    return List.of(
        new Seed("package", "unsigned", FILE),
        new Seed("signed", "valid", SIGNED),
        new Seed("all schemes", "valid", whole),
        new Seed("beside", "v4 valid", IDSIG),
        new Seed("beside, cut", "SGC-ARTIFACT-MALFORMED", IDSIG.slice(0, 600)),
        new Seed("beside, version only", "SGC-ARTIFACT-MALFORMED", V4),
        new Seed("beside, changed", "v4 invalid", Samples.flip(IDSIG, 30, 1)),
        new Seed("beside, long", "SGC-ARTIFACT-MALFORMED", ZipBuilder.u32(IDSIG, 4, -1)),
        new Seed("beside, huge", "SGC-ARTIFACT-MALFORMED", ZipBuilder.u32(IDSIG, 4, 0x7fffffff)),
        new Seed(
            "no package", "SGC-ARTIFACT-UNRECOGNISED", new ZipBuilder().deflated("a", "a").build()),
        new Seed(
            "manifest of text",
            "unsigned",
            new ZipBuilder().deflated("AndroidManifest.xml", "a").build()),
        new Seed("cut", "SGC-ARTIFACT-TRUNCATED", SIGNED.slice(0, 300)),
        new Seed("v3 of negative length", "SGC-ARTIFACT-MALFORMED", negative()),
        new Seed("block of 4 GiB", "SGC-ARTIFACT-MALFORMED", ZipBuilder.u32(SIGNED, block, -1)),
        new Seed(
            "directory far away", "SGC-ARTIFACT-MALFORMED", ZipBuilder.u32(SIGNED, end + 16, -2)));
  }

  /** The list of a v3 signer's signatures has less than no bytes, which apksig does not expect. */
  static Bytes negative() {
    var artifact = Artifact.of(SIGNED);
    long directory = ZipFile.parse(artifact).directoryAt();
    Bytes v3 =
        SigningBlock.before(artifact, directory).flatMap(b -> b.value(0xf05368c0)).orElseThrow();
    int at = Samples.find(SIGNED, v3) + 8;
    int data = SIGNED.slice(at, at + 4).asBuffer().order(ByteOrder.LITTLE_ENDIAN).getInt();
    return ZipBuilder.u32(SIGNED, at + 4 + data + 8, -1);
  }
}
