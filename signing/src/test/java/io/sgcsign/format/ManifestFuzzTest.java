// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Hostile manifests: verified, stripped and signed. */
public final class ManifestFuzzTest implements FuzzTarget {
  private static final Samples SAMPLES =
      new Samples(Instant.parse("2026-11-21T12:00:00Z"), new SeededRandom(8));
  private static final Issued LEAF =
      SAMPLES.ca.issue(LeafProfile.codeSigning("Fuzz TEST", KeyType.RSA_2048, SAMPLES.now));
  private static final Bytes FILE = ManifestSamples.application();
  private static final Bytes SIGNED =
      ManifestSamples.sign(FILE, Map.of(), LEAF, Optional.of(SAMPLES.tsa));
  private static final Options OPTIONS = Options.of(ManifestSamples.FORMAT.descriptor(), Map.of());
  private static final Signer SIGNER =
      new Same(TestSigner.of(ManifestSamples.FORMAT, OPTIONS, LEAF).context());
  private static final ManifestFuzzTest TARGET = new ManifestFuzzTest();

  /** Gives every imprint one value, which is wrong. */
  private record Same(SigningContext context) implements Signer {
    @Override
    public SignatureBlock sign(Imprint imprint) {
      return new SignatureBlock.Xml(Bytes.wrap(new byte[256]), Optional.empty());
    }
  }

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  @Override
  public String read(Bytes input) {
    var artifact = Artifact.of(input);
    try {
      Bytes signed =
          PackageSamples.apply(input, ManifestSamples.FORMAT.sign(artifact, OPTIONS, SIGNER));
      assertThat(ManifestSamples.verify(signed, SAMPLES.policy()).valid()).isFalse();
      Bytes bare = ManifestSamples.removed(signed);
      assertThat(ManifestSamples.removed(bare)).isEqualTo(bare);
      var _ = ManifestSamples.FORMAT.blocks(artifact);
    } catch (ArtifactException e) {
      assertThat(e.code()).startsWith("SGC-ARTIFACT-");
      assertThat(e.hint()).isNotBlank();
    }
    try {
      return ManifestSamples.verify(input, SAMPLES.policy())
          .status()
          .name()
          .toLowerCase(Locale.ROOT);
    } catch (ArtifactException e) {
      return e.code();
    }
  }

  private static Bytes with(Bytes file, String from, String to) {
    assertThat(file.toUtf8()).contains(from);
    return Bytes.utf8(file.toUtf8().replace(from, to));
  }

  @Override
  public List<Seed> seeds() {
    return List.of(
        new Seed("application", "unsigned", FILE),
        new Seed("deployment", "unsigned", ManifestSamples.deployment()),
        new Seed("signed", "valid", SIGNED),
        new Seed("changed", "invalid", with(SIGNED, "Acme.Core", "Acme.Coro")),
        new Seed("cut", "SGC-ARTIFACT-MALFORMED", SIGNED.slice(0, 3000)),
        new Seed(
            "CDATA",
            "unsigned",
            with(FILE, "<application />", "<application><![CDATA[</x>]]></application>")),
        new Seed("a tag in a comment", "unsigned", with(FILE, "files", "<a b='\">'")),
        new Seed("a tag in a value", "unsigned", with(FILE, "say", "a > b /&gt;")),
        new Seed(
            "entities",
            "SGC-ARTIFACT-MALFORMED",
            with(FILE, "?>\r\n<asm", "?><!DOCTYPE a [<!ENTITY x \"y\">]><asm")),
        new Seed(
            "a relative namespace",
            "unsigned",
            with(FILE, "<application />", "<application xmlns:x=\"y\" x:a=\"\"/>")),
        new Seed("nothing", "SGC-ARTIFACT-EMPTY", Bytes.EMPTY));
  }
}
