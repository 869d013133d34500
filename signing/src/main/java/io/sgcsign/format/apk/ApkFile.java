// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.apk.SigningBlock;
import io.sgcsign.layout.zip.ZipEdit;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** An APK's parts as far as signatures go. */
record ApkFile(Artifact artifact, ZipFile zip, Optional<SigningBlock> block) {
  static final String MANIFEST = "AndroidManifest.xml";
  static final int V2_ID = 0x7109871a;
  static final int V3_ID = 0xf05368c0;
  static final int V31_ID = 0x1b93ad61;
  private static final int PADDING_ID = 0x42726577;

  /** Source stamps, Play's metadata and its list of dependencies: data, but well known. */
  private static final Set<Integer> HARMLESS =
      Set.of(0x2b09189e, 0x6dff800d, 0x504b4453, 0x2146444e);

  /** Bytes. Real ones have some 100 KiB; apksig holds it whole. */
  private static final int MAX_MANIFEST = 8 << 20;

  private static final int MAX_BLOCK = 1 << 20;
  private static final int PAGE = 4096;
  private static final String JAR_MANIFEST = "META-INF/MANIFEST.MF";
  private static final Pattern JAR_SIGNATURE = Pattern.compile("META-INF/[^/]*\\.(SF|DSA|RSA|EC)");

  static ApkFile parse(Artifact artifact) {
    ZipFile zip = ZipFile.parse(artifact);
    ZipEntry manifest =
        zip.entry(MANIFEST)
            .orElseThrow(() ->
                new ArtifactException(
                    "SGC-ARTIFACT-UNRECOGNISED",
                    "The archive has no " + MANIFEST,
                    "Check the file; app bundles (aab) are of the format jar."));
    if (manifest.size() > MAX_MANIFEST) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          MANIFEST + " has " + manifest.size() + " bytes, more than " + MAX_MANIFEST,
          "Check that the APK was built well.");
    }
    return new ApkFile(artifact, zip, SigningBlock.before(artifact, zip.directoryAt()));
  }

  Optional<Bytes> scheme(int id) {
    return block.flatMap(b -> b.value(id));
  }

  /** Names of the files of scheme v1. */
  List<String> jarSignatures() {
    return zip.entries().stream()
        .map(ZipEntry::name)
        .filter(n -> JAR_SIGNATURE.matcher(n.toUpperCase(Locale.ROOT)).matches())
        .toList();
  }

  /** The CMS structures of scheme v1. */
  List<Bytes> jarBlocks() {
    return jarSignatures().stream()
        .filter(n -> !n.toUpperCase(Locale.ROOT).endsWith(".SF"))
        .map(n -> zip.read(zip.entry(n).orElseThrow(), MAX_BLOCK))
        .toList();
  }

  boolean whole() {
    return scheme(V2_ID).isPresent() || scheme(V3_ID).isPresent() || scheme(V31_ID).isPresent();
  }

  boolean signed() {
    return whole() || !jarSignatures().isEmpty();
  }

  /** Why something is in the file that no signature covers; empty: nothing is. */
  Optional<String> hidden() {
    for (SigningBlock.Pair pair : block.map(SigningBlock::pairs).orElse(List.of())) {
      boolean known =
          switch (pair.id()) {
            case V2_ID, V3_ID, V31_ID -> true;
            case PADDING_ID -> zeros(pair.value());
            default -> HARMLESS.contains(pair.id());
          };
      if (!known) {
        return Optional.of(
            "The APK Signing Block has data of an unknown kind: 0x%08x".formatted(pair.id()));
      }
    }
    boolean gaps = zip.prefix() + zip.unclaimed() > 0;
    return gaps && !whole()
        ? Optional.of("There are bytes outside of the entries, and scheme v1 covers none")
        : Optional.empty();
  }

  /** Without any signature, and without the manifest of scheme v1. */
  Patch strip() {
    Patch cut =
        block.isPresent()
            ? zip.cutBeforeDirectory(paddedStart(block.get().start()))
            : Patch.of(new Patch.Piece.Range(0, artifact.size()));
    List<String> names = jarSignatures();
    if (names.isEmpty()) {
      return cut;
    }
    ZipEdit edit = ZipFile.parse(artifact.with(cut)).edit().remove(JAR_MANIFEST);
    names.forEach(edit::remove);
    return cut.then(edit.patch());
  }

  /** Where the zeros begin with which signers bring the block to a page. */
  private long paddedStart(long start) {
    long end = zip.entries().stream().mapToLong(ZipEntry::end).max().orElse(start);
    boolean padded = start - end < PAGE && zeros(artifact.read(end, (int) (start - end)));
    return padded ? end : start;
  }

  private static boolean zeros(Bytes bytes) {
    for (int i = 0; i < bytes.size(); i++) {
      if (bytes.at(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
