// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.msi;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.cfb.CompoundFile;
import io.sgcsign.layout.cfb.DirectoryEntry;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * A Windows Installer package, patch, merge module or transform. Its signature is a stream of the
 * root storage; a second stream may hold a digest of names, sizes and times, which the signature
 * then covers too. Immutable; nothing but tables and these two streams is held in memory.
 */
public final class InstallerPackage {
  private static final Bytes SIGNATURE = name("\u0005DigitalSignature");
  private static final Bytes EXTENDED = name("\u0005MsiDigitalSignatureEx");

  /** Bytes. Many nested, stamped signatures fit; what is larger is no signature. */
  private static final int MAX_SIGNATURE = 4 * 1024 * 1024;

  /** Bytes: the longest digest. */
  private static final int MAX_EXTENDED = 64;

  /** Packages and merge modules, patches, transforms: 000C10xx-0000-0000-C000-000000000046. */
  private static final Set<Bytes> CLASSES = Set.of(classId("84"), classId("86"), classId("82"));

  private final CompoundFile file;
  private final Optional<Bytes> signature;
  private final Optional<Bytes> extended;

  private InstallerPackage(CompoundFile file, Optional<Bytes> signature, Optional<Bytes> extended) {
    this.file = file;
    this.signature = signature;
    this.extended = extended;
  }

  private static Bytes name(String name) {
    return Bytes.wrap(name.getBytes(StandardCharsets.UTF_16LE));
  }

  private static Bytes classId(String last) {
    return Bytes.fromHex(last + "100c0000000000c000000000000046");
  }

  /** Whether {@code artifact} begins like a compound file of any kind. */
  public static boolean begins(Artifact artifact) {
    return CompoundFile.begins(artifact);
  }

  /** Whether {@code artifact} is a compound file that Windows Installer takes for its own. */
  public static boolean recognise(Artifact artifact) {
    try {
      return CompoundFile.begins(artifact) && CLASSES.contains(CompoundFile.rootClass(artifact));
    } catch (ArtifactException _) {
      return false; // the question was only whether
    }
  }

  /**
   * Reads the structure.
   *
   * @throws ArtifactException if this is no package or a damaged one
   */
  public static InstallerPackage parse(Artifact artifact) {
    var file = CompoundFile.parse(artifact);
    if (!CLASSES.contains(file.root().entry().classId())) {
      throw new ArtifactException(
          "SGC-ARTIFACT-UNRECOGNISED",
          "A compound file of class "
              + file.root().entry().classId()
              + ", which is no Windows Installer package",
          "Documents of Office are signed otherwise; msi, msp, msm and mst are taken.");
    }
    return new InstallerPackage(
        file,
        file.find(SIGNATURE).map(e -> file.read(e, MAX_SIGNATURE)),
        file.find(EXTENDED).map(e -> file.read(e, MAX_EXTENDED)));
  }

  public Artifact artifact() {
    return file.artifact();
  }

  /** The stream of the signature, as it is. */
  public Optional<Bytes> signature() {
    return signature;
  }

  /** The stream of the digest of metadata, as it is. */
  public Optional<Bytes> extended() {
    return extended;
  }

  static boolean signs(DirectoryEntry entry) {
    return entry.stream() && (entry.name().equals(SIGNATURE) || entry.name().equals(EXTENDED));
  }

  /** The digest of names, classes, sizes, state bits and times of all storages and streams. */
  public Digest metadata(DigestAlgorithm algorithm) {
    var state = algorithm.newMessageDigest();
    PackageWalk.metadata(file.root(), bytes -> state.update(bytes.asBuffer()));
    return new Digest(algorithm, Bytes.wrap(state.digest()));
  }

  /**
   * The digests that signatures hold, in one pass over the streams.
   *
   * @param prefix the digest of metadata, if there is or will be one: it is digested first
   */
  public Digests digests(Set<DigestAlgorithm> algorithms, Optional<Bytes> prefix) {
    var pass = Digests.of(algorithms);
    prefix.ifPresent(pass::update);
    PackageWalk.content(file, pass::update);
    return pass.finish();
  }

  /** Whether data stands behind the last sector in use, where nothing covers it. */
  public boolean hidesData() {
    return file.hidesData();
  }

  /** The package with this signature and no other. */
  public Patch embed(Bytes newSignature, Optional<Bytes> newExtended) {
    var edit = file.edit().remove(SIGNATURE).remove(EXTENDED);
    newExtended.ifPresent(bytes -> edit.add(EXTENDED, bytes));
    return edit.add(SIGNATURE, newSignature).patch();
  }

  /** The package without signature; the very bytes from before if we signed it (mostly). */
  public Patch strip() {
    if (signature.isEmpty() && extended.isEmpty()) {
      return Patch.of(new Patch.Piece.Range(0, artifact().size()));
    }
    return file.edit().remove(SIGNATURE).remove(EXTENDED).patch();
  }
}
