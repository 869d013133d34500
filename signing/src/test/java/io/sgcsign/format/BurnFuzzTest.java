// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.BurnBuilder;
import io.sgcsign.signature.Signer;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Hostile bundles: verified, signed, stripped, and what is signed read again. */
public final class BurnFuzzTest implements FuzzTarget {
  private static final Samples SAMPLES =
      new Samples(Instant.parse("2026-11-21T12:00:00Z"), new SeededRandom(7));
  private static final BurnBuilder BUNDLE = BurnBuilder.bundle().odd();
  private static final Bytes FILE = BUNDLE.build();
  private static final Bytes SIGNED = SAMPLES.unstamped(FILE, Map.of(), SAMPLES.leaf);
  private static final Options OPTIONS = Options.of(Samples.FORMAT.descriptor(), Map.of());
  private static final Signer SIGNER = CannedSigner.of(Samples.FORMAT, SAMPLES.leaf, SIGNED);
  private static final BurnFuzzTest TARGET = new BurnFuzzTest();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  @Override
  public String read(Bytes input) {
    sign(input);
    try {
      return SAMPLES.verify(input).status().name().toLowerCase(Locale.ROOT);
    } catch (ArtifactException e) {
      return FuzzTarget.refusal(e);
    }
  }

  private static Bytes removed(Bytes file) {
    var artifact = Artifact.of(file);
    var out = artifact.with(Samples.FORMAT.remove(artifact).orElseThrow());
    return out.read(0, (int) out.size());
  }

  /** What can be signed has two signatures then, and none when they are taken off. */
  private static void sign(Bytes input) {
    var artifact = Artifact.of(input);
    try {
      boolean bundle = Samples.FORMAT.recognise(artifact, "").equals(burn());
      Signed signed = Samples.FORMAT.sign(artifact, OPTIONS, SIGNER);
      var out = artifact.with(((Signed.Patched) signed).patch());
      Bytes file = out.read(0, (int) out.size());
      if (bundle) {
        assertThat(Samples.FORMAT.blocks(Artifact.of(file))).hasSize(2);
        Bytes bare = removed(file);
        assertThat(Samples.FORMAT.blocks(Artifact.of(bare))).isEmpty();
        assertThat(removed(bare)).isEqualTo(bare);
      }
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
    }
  }

  private static Optional<FormatDescriptor.Kind> burn() {
    return Optional.of(BurnKind.BURN);
  }

  @Override
  public List<Seed> seeds() {
    return List.of(
        new Seed("bundle", "unsigned", FILE),
        new Seed("signed", "valid", SIGNED),
        new Seed("engine alone", "unsigned", BUNDLE.engine()),
        new Seed("engine signed", "unsigned", BUNDLE.reattached(BUNDLE.cached(SIGNED))),
        new Seed("more behind", "invalid", Bytes.concat(FILE, Bytes.utf8("more of it"))),
        new Seed("cut", "SGC-ARTIFACT-TRUNCATED", FILE.slice(0, FILE.size() - 1)),
        new Seed("no stub", "SGC-ARTIFACT-MALFORMED", BUNDLE.with(24, 0)),
        new Seed("stub of 4 GiB", "SGC-ARTIFACT-MALFORMED", BUNDLE.with(24, -1)),
        new Seed("size of no signature", "unsigned", BUNDLE.with(36, -1)),
        new Seed("signature at 4 GiB", "SGC-ARTIFACT-MALFORMED", BUNDLE.with(32, -8)),
        new Seed("4 G containers", "SGC-ARTIFACT-MALFORMED", BUNDLE.with(44, -1)),
        new Seed("container of 4 GiB", "SGC-ARTIFACT-TRUNCATED", BUNDLE.with(52, -1)));
  }
}
