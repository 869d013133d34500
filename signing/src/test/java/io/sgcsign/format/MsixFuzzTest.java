// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.appx.AppxBuilder;
import io.sgcsign.layout.zip.PackageZip.Flavour;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.pki.WindowsName;
import io.sgcsign.signature.Signer;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Hostile packages and bundles: verified, signed, stripped, and what is signed read again. */
public final class MsixFuzzTest implements FuzzTarget {
  private static final Samples SAMPLES =
      new Samples(Instant.parse("2026-11-21T12:00:00Z"), new SeededRandom(6));
  private static final String PUBLISHER =
      WindowsName.of(SAMPLES.leaf.certificate().getSubjectX500Principal()).toString();
  private static final Bytes FILE = app().build();
  private static final Bytes SIGNED = SAMPLES.unstamped(FILE, Map.of(), SAMPLES.leaf);
  private static final Options OPTIONS = Options.of(Samples.FORMAT.descriptor(), Map.of());
  private static final Signer SIGNER = CannedSigner.of(Samples.FORMAT, SAMPLES.leaf, SIGNED);
  private static final MsixFuzzTest TARGET = new MsixFuzzTest();

  private static AppxBuilder app() {
    return AppxBuilder.small(PUBLISHER);
  }

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

  private static void sign(Bytes input) {
    var artifact = Artifact.of(input);
    try {
      Signed signed = Samples.FORMAT.sign(artifact, OPTIONS, SIGNER);
      var out = artifact.with(((Signed.Patched) signed).patch());
      Bytes file = out.read(0, (int) out.size());
      assertThat(Samples.FORMAT.blocks(Artifact.of(file))).isNotEmpty();
      Bytes bare = removed(file);
      assertThat(removed(bare)).isEqualTo(bare);
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
    } catch (OptionException e) {
      assertThat(e.getMessage()).contains("block map");
    }
  }

  @Override
  public List<Seed> seeds() {
    String type = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\">]>";
    int end = FILE.size();
    return List.of(
        new Seed("package", "unsigned", FILE),
        new Seed("signed", "valid", SIGNED),
        new Seed("bundle", "unsigned", AppxBuilder.bundle(PUBLISHER).build()),
        new Seed("mixed", "unsigned", app().flavour(Flavour.MIXED).build()),
        new Seed("plain", "unsigned", app().flavour(Flavour.PLAIN).build()),
        malformed("entities", app().blockMap(t -> t.replace("<BlockMap", type + "<BlockMap"))),
        malformed("deep", app().manifest(t -> t.replace("<Properties>", "<a>".repeat(5_000)))),
        malformed("long name", app().manifest(t -> t.replace("Example.App", "x".repeat(100_000)))),
        malformed("many files", app().blockMap(t -> t.replaceFirst("(<File.*)</B", lines("$1")))),
        malformed("upwards", app().unmapped("%2e%2e/x", Bytes.EMPTY)),
        new Seed("cut", "SGC-ARTIFACT-TRUNCATED", FILE.slice(0, 300)),
        new Seed("more behind", "invalid", Bytes.concat(FILE, Bytes.utf8("x"))),
        new Seed("far", "SGC-ARTIFACT-MALFORMED", ZipBuilder.u32(FILE, end - 46, -1)),
        new Seed("many", "SGC-ARTIFACT-MALFORMED", ZipBuilder.u32(FILE, end - 66, -1)));
  }

  private static String lines(String files) {
    return files.repeat(1_000) + "</B";
  }

  private static Seed malformed(String name, AppxBuilder builder) {
    return new Seed(name, "SGC-ARTIFACT-MALFORMED", builder.build());
  }
}
