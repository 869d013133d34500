// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.signature.Signer;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hostile archives: unpacked, changed, and as NuGet packages verified, signed and stripped. */
public final class ZipFuzzTest implements FuzzTarget {
  private static final Samples SAMPLES =
      new Samples(Instant.parse("2026-11-21T12:00:00Z"), new SeededRandom(5));
  private static final Issued ISSUED = PackageSamples.signer(SAMPLES);
  private static final Bytes FILE = PackageSamples.nupkg();
  private static final Bytes SIGNED = PackageSamples.sign(FILE, Map.of(), ISSUED, Optional.empty());
  private static final Options OPTIONS = Options.of(PackageSamples.FORMAT.descriptor(), Map.of());
  private static final Signer SIGNER = CannedSigner.of(PackageSamples.FORMAT, ISSUED, SIGNED);
  private static final ZipFuzzTest TARGET = new ZipFuzzTest();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  @Override
  public String read(Bytes input) {
    change(input);
    sign(input);
    try {
      String outcome =
          PackageSamples.verify(input, SAMPLES.policy()).status().name().toLowerCase(Locale.ROOT);
      assertThat(PackageSamples.FORMAT.recognise(Artifact.of(input), "")).isPresent();
      return outcome;
    } catch (ArtifactException e) {
      return FuzzTarget.refusal(e);
    }
  }

  /** What could be read can be changed, and the change taken back. */
  private static void change(Bytes input) {
    ZipFile zip;
    try {
      zip = ZipFile.parse(Artifact.of(input));
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
      return;
    }
    for (ZipEntry entry : zip.entries()) {
      try {
        assertThat(zip.read(entry, 1 << 20).size()).isEqualTo((int) entry.size());
      } catch (ArtifactException e) {
        var _ = FuzzTarget.refusal(e);
      }
    }
    String name = "put/by the test";
    var entry = NewEntry.deflated(name, Bytes.utf8(name), SAMPLES.now);
    if (zip.entry(name).isPresent()) {
      return;
    }
    Bytes first = patched(input, zip.edit().putFirst(entry).patch());
    Bytes last = patched(input, zip.edit().putLast(entry).patch());
    for (Bytes more : List.of(first, last)) {
      ZipFile changed = ZipFile.parse(Artifact.of(more));
      assertThat(changed.read(changed.entry(name).orElseThrow(), 99).toUtf8()).isEqualTo(name);
      assertThat(patched(more, changed.edit().remove(name).patch())).isEqualTo(input);
    }
  }

  private static Bytes patched(Bytes file, Patch patch) {
    var out = Artifact.of(file).with(patch);
    return out.read(0, (int) out.size());
  }

  private static void sign(Bytes input) {
    try {
      Bytes bare = PackageSamples.removed(input);
      Signed signed = PackageSamples.FORMAT.sign(Artifact.of(input), OPTIONS, SIGNER);
      Bytes out = PackageSamples.apply(input, signed);
      assertThat(PackageSamples.removed(out)).isEqualTo(bare);
      assertThat(PackageSamples.FORMAT.blocks(Artifact.of(out))).hasSize(1);
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
    }
  }

  @Test
  void refusesTenThousandDamagedPackagesOrTellsThatTheyAreDamaged() {
    var random = new Random(14);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = SIGNED.toArray();
      int from = i % 2 == 0 ? 0 : bytes.length - 600;
      for (int c = 0; c <= random.nextInt(3); c++) {
        bytes[from + random.nextInt(bytes.length - from)] ^= (byte) (1 + random.nextInt(255));
      }
      try {
        var report = PackageSamples.verify(Bytes.wrap(bytes), SAMPLES.policy());
        assertThat(report.valid() && !Bytes.wrap(bytes).equals(SIGNED) && !spare(bytes)).isFalse();
      } catch (ArtifactException e) {
        var _ = FuzzTarget.refusal(e);
      }
    }
  }

  /** What nothing covers: versions and times in the headers of the signature file. */
  private static boolean spare(byte[] bytes) {
    var before = ZipFile.parse(Artifact.of(SIGNED));
    int local = (int) before.entry(".signature.p7s").orElseThrow().headerAt();
    int central = (int) before.entry(".signature.p7s").orElseThrow().directoryAt();
    byte[] same = bytes.clone();
    SIGNED.copyTo(local + 4, same, local + 4, 10);
    SIGNED.copyTo(central + 4, same, central + 4, 12);
    SIGNED.copyTo(central + 34, same, central + 34, 4);
    return Bytes.wrap(same).equals(SIGNED);
  }

  @Override
  public List<Seed> seeds() {
    Bytes stamped = PackageSamples.sign(FILE, Map.of(), ISSUED, Optional.of(SAMPLES.tsa));
    int end = FILE.size() - 22;
    ZipEntry dll = ZipFile.parse(Artifact.of(FILE)).entries().get(2);
    int directory = (int) dll.directoryAt();
    Bytes other = PackageSamples.FORMAT.blocks(Artifact.of(stamped)).getFirst();
    Bytes foreign = PackageSamples.nupkg(100);
    var edit = ZipFile.parse(Artifact.of(foreign)).edit();
    return List.of(
        new Seed("package", "unsigned", FILE),
        new Seed("symbols", "unsigned", PackageSamples.snupkg()),
        new Seed("signed", "valid", SIGNED),
        new Seed("stamped", "valid", stamped),
        new Seed(
            "another package's signature",
            "invalid",
            patched(
                foreign,
                edit.putLast(NewEntry.stored(".signature.p7s", other, SAMPLES.now)).patch())),
        new Seed(
            "signature of rubbish",
            "invalid",
            PackageSamples.builder("").stored(".signature.p7s", Bytes.utf8("no CMS")).build()),
        new Seed("empty", "SGC-ARTIFACT-EMPTY", Bytes.EMPTY),
        new Seed("text", "SGC-ARTIFACT-UNRECOGNISED", Bytes.utf8("plain text, long enough for it")),
        new Seed(
            "no package",
            "SGC-ARTIFACT-UNRECOGNISED",
            new ZipBuilder().deflated("a", "a").comment("c").build()),
        new Seed("cut", "SGC-ARTIFACT-TRUNCATED", FILE.slice(0, 300)),
        new Seed("more behind", "SGC-ARTIFACT-HIDDEN-DATA", Bytes.concat(FILE, Bytes.utf8("x"))),
        new Seed("count of 65534", "SGC-ARTIFACT-MALFORMED", counted(end, 0xfffe)),
        new Seed("ZIP64", "SGC-ARTIFACT-TOO-LARGE", counted(end, 0xffff)),
        new Seed(
            "directory at 4 GiB", "SGC-ARTIFACT-MALFORMED", ZipBuilder.u32(FILE, end + 16, -2)),
        new Seed(
            "entry of 4 GiB", "SGC-ARTIFACT-MALFORMED", ZipBuilder.u32(FILE, directory + 20, -2)),
        new Seed(
            "entry in the directory",
            "SGC-ARTIFACT-MALFORMED",
            ZipBuilder.u32(FILE, directory + 42, directory)),
        new Seed(
            "two in one place", "SGC-ARTIFACT-MALFORMED", ZipBuilder.u32(FILE, directory + 42, 0)),
        new Seed(
            "upwards",
            "SGC-ARTIFACT-MALFORMED",
            PackageSamples.builder("").deflated("../up", "x").build()),
        new Seed(
            "name of 65535", "SGC-ARTIFACT-MALFORMED", ZipBuilder.u16(FILE, directory + 28, -1)));
  }

  private static Bytes counted(int end, int count) {
    return ZipBuilder.u16(ZipBuilder.u16(FILE, end + 8, count), end + 10, count);
  }
}
