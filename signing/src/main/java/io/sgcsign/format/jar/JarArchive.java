// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.jar;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A JAR file's parts as far as signatures go (JAR File Specification, "Signed JAR File"). */
record JarArchive(ZipFile zip, List<Section> manifest) {
  static final String MANIFEST = "META-INF/MANIFEST.MF";
  static final String SIGNATURE_FILE = ".SF";

  /** Bytes. That of a JAR with 60,000 entries has 8 MiB. */
  private static final int MAX_MANIFEST = 16 << 20;

  /** Bytes. With two chains and two tokens there are 20 KiB. */
  private static final int MAX_BLOCK = 1 << 20;

  /** Each is held against all files. Files with two are rare. */
  private static final int MAX_SIGNATURES = 16;

  private static final Pattern SIGNATURE_RELATED =
      Pattern.compile(
          "META-INF/([^/]*\\.(SF|DSA|RSA|EC)|SIG-([^/]*\\.[A-Z0-9]{1,3}|[^/.]*)|MANIFEST\\.MF)");

  private static final List<String> BLOCKS = List.of(".RSA", ".EC", ".DSA");

  JarArchive {
    manifest = List.copyOf(manifest);
  }

  static JarArchive parse(Artifact artifact) {
    ZipFile zip = ZipFile.parse(artifact);
    for (ZipEntry entry : zip.entries()) {
      // Java looks for it in any case of letters and would take either of two
      if (entry.name().equalsIgnoreCase(MANIFEST) && !entry.name().equals(MANIFEST)) {
        throw new ArtifactException(
            "SGC-ARTIFACT-MALFORMED",
            "The manifest is called " + entry.name(),
            "Build the file again with the jar tool.");
      }
    }
    Optional<ZipEntry> entry = zip.entry(MANIFEST);
    List<Section> sections =
        entry.map(e -> Section.parse(zip.read(e, MAX_MANIFEST), "The manifest")).orElse(List.of());
    var jar = new JarArchive(zip, sections);
    int signatures = jar.signatureFiles().size();
    if (signatures > MAX_SIGNATURES) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          "The file has %d signatures, more than %d".formatted(signatures, MAX_SIGNATURES),
          "Build the file again with the jar tool.");
    }
    return jar;
  }

  Bytes manifestBytes() {
    return zip.entry(MANIFEST).map(e -> zip.read(e, MAX_MANIFEST)).orElse(Bytes.EMPTY);
  }

  /** Whether signatures leave it out, because it is one or the manifest. */
  static boolean signatureRelated(String name) {
    return SIGNATURE_RELATED.matcher(name.toUpperCase(Locale.ROOT)).matches();
  }

  /** What signatures cover: all files but their own. */
  List<ZipEntry> content() {
    return zip.entries().stream().filter(e -> !e.folder() && !signatureRelated(e.name())).toList();
  }

  /** Names of signature files and blocks. */
  List<String> signatureEntries() {
    return zip.entries().stream()
        .map(ZipEntry::name)
        .filter(n -> signatureRelated(n) && !n.equalsIgnoreCase(MANIFEST))
        .toList();
  }

  /** The signature files, in the order of the archive. */
  List<ZipEntry> signatureFiles() {
    return zip.entries().stream()
        .filter(e -> signatureRelated(e.name()))
        .filter(e -> e.name().toUpperCase(Locale.ROOT).endsWith(SIGNATURE_FILE))
        .toList();
  }

  Bytes readSignatureFile(ZipEntry entry) {
    return zip.read(entry, MAX_MANIFEST);
  }

  /** The block beside a signature file; empty too if there are two. */
  Optional<ZipEntry> block(ZipEntry signatureFile) {
    String name = signatureFile.name();
    String base = name.substring(0, name.length() - SIGNATURE_FILE.length());
    List<String> names = BLOCKS.stream().map(base::concat).toList();
    List<ZipEntry> blocks =
        zip.entries().stream()
            .filter(e -> names.stream().anyMatch(e.name()::equalsIgnoreCase))
            .toList();
    return blocks.size() == 1 ? Optional.of(blocks.getFirst()) : Optional.empty();
  }

  Bytes readBlock(ZipEntry block) {
    return zip.read(block, MAX_BLOCK);
  }

  /** Why there is something that no signature can cover; empty: there is not. */
  Optional<String> hidden() {
    if (zip.prefix() > 0) {
      return Optional.of(zip.prefix() + " bytes lie before the first entry");
    }
    if (zip.unclaimed() > 0) {
      return Optional.of(zip.unclaimed() + " bytes between the entries belong to none of them");
    }
    return Optional.empty();
  }

  /** A signature file or block that belongs to no signature, or to two. */
  Optional<String> stray() {
    var used = new HashSet<String>();
    for (ZipEntry file : signatureFiles()) {
      Optional<ZipEntry> block = block(file);
      if (block.isEmpty() || !used.add(block.get().name())) {
        return Optional.of(file.name());
      }
      used.add(file.name());
    }
    return signatureEntries().stream().filter(n -> !used.contains(n)).findFirst();
  }

  Digest digest(ZipEntry entry, DigestAlgorithm algorithm) {
    var digest = algorithm.newMessageDigest();
    zip.stream(entry, digest::update);
    return new Digest(algorithm, Bytes.wrap(digest.digest()));
  }
}
