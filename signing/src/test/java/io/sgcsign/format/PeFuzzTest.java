// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.layout.pe.VersionResource;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Signer;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Hostile programs: parsed, verified, stripped, and signed in every way. */
public final class PeFuzzTest implements FuzzTarget {
  private static final Samples SAMPLES =
      new Samples(Instant.parse("2026-11-21T12:00:00Z"), new SeededRandom(1));
  private static final Set<DigestAlgorithm> SHA256 = Set.of(DigestAlgorithm.SHA256);
  private static final PeBuilder PE = PeBuilder.x64();
  private static final Bytes PROGRAM = PE.build();
  private static final Bytes SIGNED = unstamped(PROGRAM, Map.of());
  private static final Signer SIGNER = CannedSigner.of(Samples.FORMAT, SAMPLES.leaf, SIGNED);
  private static final PeFuzzTest TARGET = new PeFuzzTest();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  private static Bytes unstamped(Bytes file, Map<String, String> options) {
    return SAMPLES.unstamped(file, options, SAMPLES.leaf);
  }

  @Override
  public String read(Bytes input) {
    var artifact = Artifact.of(input);
    sign(artifact, Map.of("kind", "pe", "existing", "replace"));
    sign(artifact, Map.of("kind", "pe", "existing", "append", "page_hashes", "true"));
    if (PeFile.recognise(artifact)) {
      strip(artifact); // of another kind, what is left is no program
      versionInfo(artifact);
    }
    try {
      return SAMPLES.verify(input).status().name().toLowerCase(Locale.ROOT);
    } catch (ArtifactException e) {
      return FuzzTarget.refusal(e);
    }
  }

  private static void versionInfo(Artifact artifact) {
    try {
      PeFile.parse(artifact)
          .versionInfo()
          .ifPresent(v -> assertThat(v.fileVersion()).matches("\\d+(\\.\\d+){3}"));
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
    }
  }

  private static void sign(Artifact artifact, Map<String, String> options) {
    Patch patch;
    try {
      Options checked = Options.of(Samples.FORMAT.descriptor(), options);
      if (!(Samples.FORMAT.sign(artifact, checked, SIGNER) instanceof Signed.Patched patched)) {
        throw new AssertionError("Authenticode patches");
      }
      patch = patched.patch();
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
      return;
    }
    // what could be signed is a signed program with the digest that was signed
    PeFile before = PeFile.parse(artifact);
    boolean keep = "append".equals(options.get("existing"));
    PeFile after = PeFile.parse(artifact.with(patch));
    assertThat(after.signed()).isTrue();
    assertThat(after.certificates().hidesData()).isFalse();
    var scan = after.scan(SHA256);
    assertThat(scan.digest(DigestAlgorithm.SHA256))
        .isEqualTo(before.scanToSign(SHA256, keep).digest(DigestAlgorithm.SHA256));
    assertThat(after.header().checksum()).isEqualTo(scan.checksum());
    strip(after.artifact());
  }

  private static void strip(Artifact artifact) {
    Optional<Patch> patch;
    try {
      patch = Samples.FORMAT.remove(artifact);
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
      return;
    }
    assertThat(PeFile.parse(artifact.with(patch.orElseThrow())).signed()).isFalse();
  }

  @Override
  public List<Seed> seeds() {
    Bytes stamped = SAMPLES.stamped(PROGRAM, Map.of("page_hashes", "true"));
    Bytes efi = unstamped(PeBuilder.efi().build(), Map.of());
    int entry = PE.certificateEntryAt();
    int table = PROGRAM.size();
    return List.of(
        new Seed("x64", "unsigned", PROGRAM),
        new Seed("x86", "unsigned", PeBuilder.x86().build()),
        new Seed("ARM64", "unsigned", PeBuilder.arm64().sections(5, 512).build()),
        new Seed("odd overlay", "unsigned", PeBuilder.x86().overlay(13).build()),
        new Seed(
            "version",
            "unsigned",
            VersionResource.program("1.2.3.4", Map.of("OriginalFilename", "a.exe"))),
        new Seed("no section", "unsigned", PeBuilder.x64().sections(0, 512).build()),
        new Seed("signed", "valid", SIGNED),
        new Seed("stamped with page hashes", "valid", stamped),
        new Seed("dual", "valid", SAMPLES.stamped(PROGRAM, Map.of("hash", "sha1,sha256"))),
        new Seed(
            "odd and signed", "valid", unstamped(PeBuilder.x86().overlay(13).build(), Map.of())),
        new Seed("two entries", "valid", unstamped(efi, Map.of("existing", "append"))),
        new Seed("another image", "invalid", Samples.flip(SIGNED, table - 1, 1)),
        new Seed("behind the table", "invalid", Bytes.concat(SIGNED, Bytes.utf8("more"))),
        new Seed("table at 0", "invalid", PeBuilder.u32(SIGNED, entry, 0)),
        new Seed("unknown entry", "invalid", PeBuilder.u16(SIGNED, table + 6, 1)),
        new Seed(
            "entry of rubbish",
            "invalid",
            PE.withTable(PROGRAM, PeBuilder.entry(16, Bytes.utf8("12345678")))),
        new Seed("empty", "SGC-ARTIFACT-EMPTY", Bytes.EMPTY),
        new Seed("text", "SGC-ARTIFACT-UNRECOGNISED", Bytes.utf8("#!/bin/sh\n")),
        new Seed("DOS program", "SGC-ARTIFACT-UNRECOGNISED", PeBuilder.u32(PROGRAM, 0x3c, 0)),
        new Seed("header at 4 GiB", "SGC-ARTIFACT-UNRECOGNISED", PeBuilder.u32(PROGRAM, 0x3c, -1)),
        new Seed("cut", "SGC-ARTIFACT-TRUNCATED", PROGRAM.slice(0, 700)),
        new Seed("many sections", "SGC-ARTIFACT-TRUNCATED", PeBuilder.u16(PROGRAM, 0x86, 0xffff)),
        new Seed(
            "section of 4 GiB",
            "SGC-ARTIFACT-TRUNCATED",
            PeBuilder.u32(PROGRAM, PE.sectionTableAt() + 16, -1)),
        new Seed("table of 4 GiB", "SGC-ARTIFACT-TRUNCATED", PeBuilder.u32(SIGNED, entry + 4, -1)),
        new Seed("entry of 4 GiB", "SGC-ARTIFACT-MALFORMED", PeBuilder.u32(SIGNED, table, -1)),
        new Seed("entry of nothing", "SGC-ARTIFACT-MALFORMED", PeBuilder.u32(SIGNED, table, 0)),
        new Seed("no optional header", "SGC-ARTIFACT-MALFORMED", PeBuilder.u16(PROGRAM, 0x94, 0)));
  }
}
