// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.nuget;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A NuGet package: a ZIP archive with one {@code .nuspec} at its root and, if it is signed, the
 * package signature file (NuGet Package Signatures Technical Specification, "Package signature
 * file").
 */
record NugetPackage(Artifact artifact, ZipFile zip, ZipEntry manifest) {
  /** The name readers look for, in this case of letters. */
  static final String SIGNATURE = ".signature.p7s";

  /** Bytes. With two chains and two tokens there are 20 KiB. */
  private static final int MAX_SIGNATURE = 1 << 20;

  private static final String MANIFEST = ".nuspec";

  /** Whether it may be one; looks at the names of all entries. */
  static boolean recognise(Artifact artifact) {
    try {
      return ZipFile.begins(artifact) && manifests(ZipFile.parse(artifact)).size() == 1;
    } catch (ArtifactException _) {
      return false; // the question was only whether
    }
  }

  /**
   * Reads the headers.
   *
   * @throws ArtifactException if this is no package or a damaged one
   */
  static NugetPackage parse(Artifact artifact) {
    ZipFile zip = ZipFile.parse(artifact);
    List<ZipEntry> manifests = manifests(zip);
    if (manifests.isEmpty()) {
      throw new ArtifactException(
          "SGC-ARTIFACT-UNRECOGNISED",
          "The archive is no NuGet package: it has no .nuspec at its root",
          "Sign what dotnet pack or nuget pack made.");
    }
    if (manifests.size() > 1) {
      throw malformed(
          "The package has two manifests, %s and %s"
              .formatted(manifests.getFirst().name(), manifests.getLast().name()));
    }
    if (zip.prefix() > 0) {
      throw malformed("The package does not begin with its first entry");
    }
    var names = new HashSet<String>();
    for (ZipEntry entry : zip.entries()) {
      // ECMA-376-2 §6.2.2.3: names of parts that differ in case only are the same
      if (!names.add(entry.name().toLowerCase(Locale.ROOT))) {
        throw malformed("The package has the entry " + entry.name() + " twice");
      }
    }
    return new NugetPackage(artifact, zip, manifests.getFirst());
  }

  private static List<ZipEntry> manifests(ZipFile zip) {
    return zip.entries().stream()
        .filter(e -> e.name().indexOf('/') < 0)
        .filter(e -> e.name().toLowerCase(Locale.ROOT).endsWith(MANIFEST))
        .toList();
  }

  private static ArtifactException malformed(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED", message, "Pack it again with dotnet pack or nuget pack.");
  }

  /** What it says of itself, for reports; nothing if that cannot be read. */
  SortedMap<String, String> facts() {
    try {
      Nuspec nuspec = nuspec();
      return new TreeMap<>(Map.of("id", nuspec.id(), "version", nuspec.version()));
    } catch (ArtifactException _) {
      return Collections.emptySortedMap(); // the check of the structure says why
    }
  }

  /** What it says about itself. */
  Nuspec nuspec() {
    return Nuspec.of(zip.read(manifest, Nuspec.MAX_SIZE));
  }

  Optional<ZipEntry> signature() {
    return zip.entry(SIGNATURE);
  }

  /** The content of the package signature file. */
  Optional<Bytes> block() {
    return signature().map(entry -> zip.read(entry, MAX_SIGNATURE));
  }

  /** The package without its signature: what the signed digest covers, byte for byte. */
  Patch strip() {
    return zip.edit().remove(SIGNATURE).patch();
  }

  /** The package with this signature alone, last in the file and in the central directory. */
  Patch with(Bytes block, Instant time) {
    return zip.edit().remove(SIGNATURE).putLast(NewEntry.stored(SIGNATURE, block, time)).patch();
  }

  /**
   * Why NuGet would not take the package signature file; empty: it would. Flags, method and
   * external attributes are zero, and so it is stored.
   */
  static Optional<String> fault(ZipEntry signature) {
    boolean plain =
        signature.flags() == 0
            && signature.method() == ZipEntry.STORED
            && signature.attributes() == 0;
    return plain
        ? Optional.empty()
        : Optional.of(SIGNATURE + " is not stored plainly: NuGet refuses it (NU3005)");
  }
}
