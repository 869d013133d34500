// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.appx;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipEdit;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.DigestAlgorithm;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An MSIX or APPX package or bundle: a ZIP archive with a manifest, a block map, content types and,
 * if it is signed, {@code AppxSignature.p7x} behind all others. Immutable; the parse reads headers
 * and these documents.
 */
public final class AppxPackage {
  static final String SIGNATURE = "AppxSignature.p7x";
  static final String CODE_INTEGRITY = "AppxMetadata/CodeIntegrity.cat";

  /** Bytes. A line a block of 64 KiB comes to 12 MiB for a package of 8 GiB. */
  private static final int MAX_BLOCK_MAP = 32 << 20;

  /** Bytes. There is a line for each extension. */
  private static final int MAX_CONTENT_TYPES = 1 << 20;

  /** Bytes. With two chains and two tokens there are 20 KiB. */
  private static final int MAX_SIGNATURE = 1 << 20;

  private static final Bytes SIGNATURE_MAGIC = Bytes.utf8("PKCX");

  /** Time has no place here: the same package and signature give the same bytes. */
  private static final Instant NO_TIME = Instant.parse("1980-01-01T00:00:00Z");

  private final Artifact artifact;
  private final ZipFile zip;
  private final AppxManifest manifest;
  private final boolean bundle;
  private final ContentTypes types;
  private final BlockMap blocks;

  private AppxPackage(Artifact artifact, ZipFile zip) {
    this.artifact = artifact;
    this.zip = zip;
    this.bundle = bundle(zip);
    this.manifest =
        bundle
            ? AppxManifest.ofBundle(document(AppxManifest.BUNDLE_ENTRY, AppxManifest.MAX_SIZE))
            : AppxManifest.ofPackage(document(AppxManifest.PACKAGE_ENTRY, AppxManifest.MAX_SIZE));
    this.types = ContentTypes.parse(document(ContentTypes.ENTRY, MAX_CONTENT_TYPES));
    this.blocks = BlockMap.parse(document(BlockMap.ENTRY, MAX_BLOCK_MAP), sizes());
  }

  /** Which it may be by the names of its entries: true says a bundle; empty: none. */
  public static Optional<Boolean> recogniseBundle(Artifact artifact) {
    if (!ZipFile.begins(artifact)) {
      return Optional.empty();
    }
    try {
      ZipFile zip = ZipFile.parseWide(artifact);
      boolean packed =
          zip.entry(BlockMap.ENTRY).isPresent()
              && (bundle(zip) || zip.entry(AppxManifest.PACKAGE_ENTRY).isPresent());
      return packed ? Optional.of(bundle(zip)) : Optional.empty();
    } catch (ArtifactException _) {
      return Optional.empty(); // the question was only whether
    }
  }

  /** Whether it is an archive at all. */
  public static boolean begins(Artifact artifact) {
    return ZipFile.begins(artifact);
  }

  private static boolean bundle(ZipFile zip) {
    return zip.entry(AppxManifest.BUNDLE_ENTRY).isPresent();
  }

  /**
   * Reads a package.
   *
   * @throws ArtifactException if this is none or a damaged one
   */
  public static AppxPackage parse(Artifact artifact) {
    ZipFile zip = ZipFile.parseWide(artifact);
    if (!bundle(zip) && zip.entry(AppxManifest.PACKAGE_ENTRY).isEmpty()) {
      throw AppxFault.unrecognised(
          "The archive is no MSIX package: it has neither %s nor %s"
              .formatted(AppxManifest.PACKAGE_ENTRY, AppxManifest.BUNDLE_ENTRY));
    }
    if (zip.prefix() > 0 || zip.unclaimed() > 0) {
      throw AppxFault.hidden("The package has bytes that belong to no entry");
    }
    checkOrder(zip);
    return new AppxPackage(artifact, zip);
  }

  /** What digests the package entry by entry goes by the directory, Windows by the bytes. */
  private static void checkOrder(ZipFile zip) {
    long at = -1;
    Set<String> names = new HashSet<>();
    for (ZipEntry entry : zip.entries()) {
      String name = PartName.decode(entry.name());
      if (entry.headerAt() < at) {
        throw AppxFault.malformed("The entry " + name + " is not where the directory lists it");
      }
      if (entry.folder()) {
        throw AppxFault.malformed("The package has the folder " + name + ", which is no file");
      }
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw AppxFault.malformed("The package has the file " + name + " twice");
      }
      at = entry.headerAt();
    }
    List<ZipEntry> entries = zip.entries();
    if (zip.entry(SIGNATURE).isPresent() && !entries.getLast().name().equals(SIGNATURE)) {
      throw AppxFault.malformed(
          "%s is not the last entry, but %s is".formatted(SIGNATURE, entries.getLast().name()));
    }
  }

  private Bytes document(String entry, int limit) {
    ZipEntry found =
        zip.entry(entry).orElseThrow(() -> AppxFault.malformed("The package has no " + entry));
    return zip.read(found, limit);
  }

  /** Of the files that stand in a block map. */
  private Map<String, Long> sizes() {
    Map<String, Long> sizes = new HashMap<>();
    for (ZipEntry entry : zip.entries()) {
      if (!exempt(entry)) {
        sizes.put(PartName.decode(entry.name()), entry.size());
      }
    }
    return sizes;
  }

  /** Files that no block map has: what is digested by itself, and packages in a bundle. */
  private boolean exempt(ZipEntry entry) {
    return Set.of(SIGNATURE, CODE_INTEGRITY, BlockMap.ENTRY, ContentTypes.ENTRY)
            .contains(entry.name())
        || member(entry).isPresent();
  }

  private Optional<AppxManifest.Member> member(ZipEntry entry) {
    return Optional.ofNullable(manifest.members().get(PartName.decode(entry.name())));
  }

  public boolean bundle() {
    return bundle;
  }

  public AppxManifest manifest() {
    return manifest;
  }

  /** That of the block map, which the signature must have too. */
  public DigestAlgorithm algorithm() {
    return blocks.algorithm();
  }

  public boolean signed() {
    return zip.entry(SIGNATURE).isPresent();
  }

  /** The ContentInfo; empty: what stands in its place is none, or there is no signature. */
  public Optional<Bytes> signature() {
    return zip.entry(SIGNATURE)
        .map(entry -> zip.read(entry, MAX_SIGNATURE))
        .filter(p7x -> p7x.size() > SIGNATURE_MAGIC.size())
        .filter(p7x -> p7x.slice(0, SIGNATURE_MAGIC.size()).equals(SIGNATURE_MAGIC))
        .map(p7x -> p7x.slice(SIGNATURE_MAGIC.size(), p7x.size()));
  }

  /** Why content types are not what they must be; empty: they are. */
  public Optional<String> typeFault() {
    return zip.entries().stream()
        .map(ZipEntry::name)
        .filter(name -> !name.equals(ContentTypes.ENTRY))
        .filter(name -> types.type(name).isEmpty())
        .findFirst()
        .map(name -> ContentTypes.ENTRY + " has no type for " + name);
  }

  /** Why the content is not what block map and manifest say; empty: it is. */
  public Optional<String> blockFault() {
    var there = new HashSet<AppxManifest.Member>();
    for (ZipEntry entry : zip.entries()) {
      Optional<String> fault = Optional.empty();
      Optional<AppxManifest.Member> member = member(entry);
      if (member.isPresent()) {
        there.add(member.get());
        fault = memberFault(entry, member.get());
      } else if (!exempt(entry)) {
        BlockMap.Blocks known = blocks.files().get(PartName.decode(entry.name()));
        fault =
            known == null
                ? Optional.of("The file " + entry.name() + " is not in the block map")
                : BlockCheck.fault(zip, entry, blocks, known);
      }
      if (fault.isPresent()) {
        return fault;
      }
    }
    return manifest.members().values().stream()
        .filter(m -> m.offset() >= 0 && !there.contains(m))
        .findFirst()
        .map(m -> "The bundle has no package " + m.fileName() + ", which its manifest lists");
  }

  private static Optional<String> memberFault(ZipEntry entry, AppxManifest.Member member) {
    boolean there =
        entry.method() == ZipEntry.STORED
            && member.offset() == entry.dataAt()
            && member.size() == entry.size();
    return there
        ? Optional.empty()
        : Optional.of(
            "The package %s has %d bytes at offset %d; the manifest says %d at %d"
                .formatted(
                    entry.name(), entry.size(), entry.dataAt(), member.size(), member.offset()));
  }

  /** The package as it stands, without its signature: what a verifier digests. */
  public Artifact unsigned() {
    return artifact.with(zip.edit().remove(SIGNATURE).patch());
  }

  /** The package as it will be digested and signed. */
  public Artifact toSign() {
    return artifact.with(edit(types.withSignature()).patch());
  }

  /** The package with this signature alone. */
  public Patch embed(Bytes cms) {
    Bytes p7x = Bytes.concat(SIGNATURE_MAGIC, cms);
    return edit(types.withSignature()).putLast(NewEntry.deflated(SIGNATURE, p7x, NO_TIME)).patch();
  }

  /** The package as it was before it was signed. */
  public Patch strip() {
    return edit(signed() ? types.withoutSignature() : types.document()).patch();
  }

  private ZipEdit edit(Bytes contentTypes) {
    ZipEdit edit = zip.edit().remove(SIGNATURE);
    if (contentTypes.equals(types.document())) {
      return edit;
    }
    boolean moves =
        zip.entries().stream()
            .dropWhile(e -> !e.name().equals(ContentTypes.ENTRY))
            .anyMatch(e -> member(e).isPresent());
    if (moves) {
      throw AppxFault.malformed(
          "A package lies behind %s: the offsets in the manifest would be wrong"
              .formatted(ContentTypes.ENTRY));
    }
    return edit.remove(ContentTypes.ENTRY)
        .putLast(NewEntry.deflated(ContentTypes.ENTRY, contentTypes, NO_TIME));
  }
}
