// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.cab.CabBuilder;
import io.sgcsign.layout.cab.CabContent;
import io.sgcsign.layout.cab.CabFile;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.signature.Signer;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Hostile cabinets: unpacked, verified, stripped and signed. */
public final class CabFuzzTest implements FuzzTarget {
  private static final Samples SAMPLES =
      new Samples(Instant.parse("2026-11-21T12:00:00Z"), new SeededRandom(7));
  private static final Bytes CABINET = CabBuilder.of(300, 40_000, 0).build();
  private static final Bytes SIGNED = SAMPLES.unstamped(CABINET, Map.of(), SAMPLES.leaf);
  private static final Signer SIGNER = CannedSigner.of(Samples.FORMAT, SAMPLES.leaf, SIGNED);
  private static final CabFuzzTest TARGET = new CabFuzzTest();

  private static final Bytes COMPRESSED = CabBuilder.of(300, 40_000).compressed().build();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  @Override
  public String read(Bytes input) {
    var artifact = Artifact.of(input);
    unpack(artifact);
    change(artifact);
    try {
      return SAMPLES.verify(input).status().name().toLowerCase(Locale.ROOT);
    } catch (ArtifactException e) {
      return FuzzTarget.refusal(e);
    }
  }

  private static void unpack(Artifact artifact) {
    var open = new boolean[1];
    try {
      CabContent.parse(artifact)
          .each(
              new CabContent.Visitor() {
                @Override
                public Artifact.Sink begin(String name) {
                  assertThat(name).isNotEmpty();
                  open[0] = true;
                  return (_, _, length) -> assertThat(open[0] && length > 0).isTrue();
                }

                @Override
                public void end() {
                  assertThat(open[0]).isTrue();
                  open[0] = false;
                }
              });
      assertThat(open[0]).isFalse();
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
    }
  }

  private static void change(Artifact artifact) {
    Options options = Options.of(Samples.FORMAT.descriptor(), Map.of("kind", "cab"));
    try {
      CabFile before = CabFile.parse(artifact);
      if (!(Samples.FORMAT.sign(artifact, options, SIGNER) instanceof Signed.Patched patched)) {
        throw new AssertionError("Authenticode patches");
      }
      assertThat(before.hidesData()).isFalse();
      CabFile after = CabFile.parse(artifact.with(patched.patch()));
      assertThat(after.signature()).isPresent();
      assertThat(after.hidesData()).isFalse();
      var bare = CabFile.parse(after.artifact().with(after.strip()));
      assertThat(bare.signature()).isEmpty();
      assertThat(bare.artifact().size()).isEqualTo(before.artifact().with(before.strip()).size());
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
    }
  }

  @Override
  public List<Seed> seeds() {
    return List.of(
        new Seed("cabinet", "unsigned", CABINET),
        new Seed("compressed", "unsigned", COMPRESSED),
        new Seed("compressed, changed", "unsigned", Samples.flip(COMPRESSED, 150, 1)),
        new Seed("signed", "valid", SIGNED),
        new Seed("stamped", "valid", SAMPLES.stamped(CABINET, Map.of())),
        new Seed("changed", "invalid", Samples.flip(SIGNED, SIGNED.size() / 2, 1)),
        new Seed("cut", "SGC-ARTIFACT-TRUNCATED", CABINET.slice(0, 300)),
        new Seed("a number in no set", "unsigned", PeBuilder.u16(CABINET, 34, 7)),
        new Seed("an empty file before another", "unsigned", PeBuilder.u16(CABINET, 120, 0)),
        new Seed("no files", "unsigned", CabBuilder.of().build()));
  }
}
