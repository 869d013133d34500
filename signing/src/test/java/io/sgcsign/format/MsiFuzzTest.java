// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.cfb.CfbBuilder;
import io.sgcsign.layout.msi.InstallerPackage;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Signer;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Hostile compound files: parsed, verified, stripped, and signed in every way. */
public final class MsiFuzzTest implements FuzzTarget {
  private static final Samples SAMPLES =
      new Samples(Instant.parse("2026-11-21T12:00:00Z"), new SeededRandom(3));
  private static final Set<DigestAlgorithm> SHA256 = Set.of(DigestAlgorithm.SHA256);
  private static final Bytes PACKAGE = small(3);
  private static final Bytes SIGNED = signed(PACKAGE, Map.of());
  private static final Signer SIGNER = CannedSigner.of(Samples.FORMAT, SAMPLES.leaf, SIGNED);
  private static final MsiFuzzTest TARGET = new MsiFuzzTest();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  private static Bytes signed(Bytes file, Map<String, String> options) {
    return SAMPLES.unstamped(file, options, SAMPLES.leaf);
  }

  /** Everything a package has, in few bytes. */
  private static Bytes small(int version) {
    var random = new Random(8);
    return CfbBuilder.version(version).balanced().stream("a", CfbBuilder.bytes(random, 4200))
        .stream("b", CfbBuilder.bytes(random, 130))
        .storage("c", CfbBuilder.MSI)
        .stream("d", CfbBuilder.bytes(random, 64))
        .end()
        .build();
  }

  @Override
  public String read(Bytes input) {
    var artifact = Artifact.of(input);
    sign(artifact, Map.of("existing", "replace"));
    sign(artifact, Map.of("existing", "append"));
    sign(artifact, Map.of("existing", "replace", "msi_extended", "false"));
    strip(artifact);
    try {
      String outcome = SAMPLES.verify(input).status().name().toLowerCase(Locale.ROOT);
      // other kinds of files are other targets'; any text is an unsigned script
      if (InstallerPackage.begins(artifact)) {
        assertThat(Samples.FORMAT.recognise(artifact, "a.msi")).isPresent();
      }
      return outcome;
    } catch (ArtifactException e) {
      return FuzzTarget.refusal(e);
    }
  }

  private static void sign(Artifact artifact, Map<String, String> options) {
    InstallerPackage before;
    Patch patch;
    try {
      before = InstallerPackage.parse(artifact);
      Options checked = Options.of(Samples.FORMAT.descriptor(), options);
      if (!(Samples.FORMAT.sign(artifact, checked, SIGNER) instanceof Signed.Patched patched)) {
        throw new AssertionError("Authenticode patches");
      }
      patch = patched.patch();
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
      return;
    }
    // what could be signed is a signed package with the streams and metadata it had
    var after = InstallerPackage.parse(artifact.with(patch));
    assertThat(after.signature()).isPresent();
    assertThat(after.hidesData()).isFalse();
    assertThat(after.digests(SHA256, Optional.empty()))
        .isEqualTo(before.digests(SHA256, Optional.empty()));
    assertThat(after.metadata(DigestAlgorithm.SHA256))
        .isEqualTo(before.metadata(DigestAlgorithm.SHA256));
    strip(after.artifact());
  }

  private static void strip(Artifact artifact) {
    InstallerPackage before;
    Optional<Patch> patch;
    try {
      before = InstallerPackage.parse(artifact);
      patch = Samples.FORMAT.remove(artifact);
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
      return;
    }
    var after = InstallerPackage.parse(artifact.with(patch.orElseThrow()));
    assertThat(after.signature()).isEmpty();
    assertThat(after.extended()).isEmpty();
    assertThat(after.digests(SHA256, Optional.empty()))
        .isEqualTo(before.digests(SHA256, Optional.empty()));
  }

  @Override
  public List<Seed> seeds() {
    Bytes stamped = SAMPLES.stamped(PACKAGE, Map.of());
    int fat = (PACKAGE.at(0x4c) + 1) * 512;
    return List.of(
        new Seed("version 3", "unsigned", PACKAGE),
        new Seed("version 4", "unsigned", small(4)),
        new Seed("signed", "valid", SIGNED),
        new Seed("stamped", "valid", stamped),
        new Seed("dual", "valid", signed(PACKAGE, Map.of("hash", "sha1,sha256"))),
        new Seed("version 4, signed", "valid", signed(small(4), Map.of())),
        new Seed("changed content", "invalid", Samples.flip(SIGNED, 600, 1)),
        new Seed("more behind it", "invalid", Bytes.concat(SIGNED, Bytes.utf8("PK"))),
        new Seed("nothing in it", "unsigned", CfbBuilder.version(3).build()),
        new Seed(
            "a signature of rubbish",
            "invalid",
            CfbBuilder.version(3).stream("\u0005DigitalSignature", Bytes.utf8("x")).build()),
        new Seed(
            "an empty signature",
            "invalid",
            CfbBuilder.version(3).stream("\u0005DigitalSignature", Bytes.EMPTY).build()),
        new Seed(
            "a storage with the name of the signature",
            "unsigned",
            CfbBuilder.version(3).storage("\u0005DigitalSignature", CfbBuilder.MSI).build()),
        new Seed(
            "a document",
            "SGC-ARTIFACT-UNRECOGNISED",
            CfbBuilder.version(3).rootClass(Bytes.wrap(new byte[16])).build()),
        new Seed("cut", "SGC-ARTIFACT-TRUNCATED", PACKAGE.slice(0, 1500)),
        new Seed("header alone", "SGC-ARTIFACT-MALFORMED", PACKAGE.slice(0, 512)),
        new Seed("a circle", "SGC-ARTIFACT-MALFORMED", PeBuilder.u32(PACKAGE, fat + 4, 0)),
        new Seed("many FAT sectors", "SGC-ARTIFACT-MALFORMED", PeBuilder.u32(PACKAGE, 0x2c, -1)),
        new Seed("a far sector", "SGC-ARTIFACT-TRUNCATED", PeBuilder.u32(PACKAGE, 0x30, 0x7fffff)));
  }
}
