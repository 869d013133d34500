// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeHeader.Section;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.Optional;
import java.util.Set;

/**
 * A Portable Executable file, read with bounds checks from an artifact that stays open as long as
 * this is used. Immutable; the parse reads headers and certificate table only.
 */
public final class PeFile {
  /** Bytes. Offsets in headers are 32 bits wide. */
  public static final long MAX_SIZE = 0xffff_ffffL;

  private final Artifact artifact;
  private final PeHeader header;
  private final CertificateTable table;

  private PeFile(Artifact artifact, PeHeader header, CertificateTable table) {
    this.artifact = artifact;
    this.header = header;
    this.table = table;
  }

  /** Whether {@code artifact} begins like a PE file; says nothing about the rest. */
  public static boolean recognise(Artifact artifact) {
    try {
      return PeHeader.find(artifact) > 0;
    } catch (ArtifactException _) {
      return false; // the question was only whether
    }
  }

  /**
   * Reads headers and certificate table.
   *
   * @throws ArtifactException if this is no PE file or a damaged one
   */
  public static PeFile parse(Artifact artifact) {
    PeHeader header = PeHeader.parse(artifact);
    if (artifact.size() > MAX_SIZE) {
      throw PeFault.tooLarge(artifact.size());
    }
    checkTable(artifact.size(), header);
    checkSections(artifact.size(), header);
    var table =
        header.tableSize() == 0
            ? CertificateTable.NONE
            : CertificateTable.read(artifact, header.tableOffset(), header.tableSize());
    return new PeFile(artifact, header, table);
  }

  private static void checkTable(long size, PeHeader header) {
    if (header.tableSize() == 0) {
      return;
    }
    long end = header.tableOffset() + header.tableSize();
    String where =
        "The certificate table (offset "
            + header.tableOffset()
            + ", "
            + header.tableSize()
            + " bytes)";
    if (end > size) {
      throw ArtifactException.truncated(where + " ends behind the end of the file at " + size);
    }
    if (end < size) {
      throw PeFault.hidden(
          where + " is not the end of the file: " + (size - end) + " bytes follow it");
    }
    if (header.tableOffset() < header.directoryOffset() + Long.BYTES) {
      throw PeFault.malformed(where + " overlaps the headers");
    }
  }

  private static void checkSections(long size, PeHeader header) {
    for (Section section : header.sections()) {
      String what = "Section \"" + section.name() + "\" ends at " + section.end() + ", behind the ";
      if (section.end() > size) {
        throw ArtifactException.truncated(what + "end of the file at " + size);
      }
      if (header.tableSize() > 0 && section.end() > header.tableOffset()) {
        throw PeFault.malformed(
            what + "beginning of the certificate table at " + header.tableOffset());
      }
    }
  }

  public Artifact artifact() {
    return artifact;
  }

  public PeHeader header() {
    return header;
  }

  /** Existing signatures; no entries: not signed. */
  public CertificateTable certificates() {
    return table;
  }

  /**
   * What the version resource says; empty: there is none.
   *
   * @throws ArtifactException if the resources are damaged
   */
  public Optional<VersionInfo> versionInfo() {
    return Resources.of(this)
        .flatMap(resources -> resources.first(Resources.VERSION))
        .flatMap(VersionInfo::parse);
  }

  public boolean signed() {
    return !table.entries().isEmpty();
  }

  /** Where the bytes end that image digests cover, without padding: the table or the file's end. */
  public long imageEnd() {
    return signed() ? header.tableOffset() : artifact.size();
  }

  /**
   * Digests the file as it stands in one pass: what a verifier compares with (Windows Authenticode
   * PE signature format, "Calculating the PE Image Hash"). An unsigned image is padded with zeros
   * to a multiple of 8, as it will be when signed.
   */
  public ImageScan scan(Set<DigestAlgorithm> algorithms) {
    return ImageScan.run(this, algorithms, new ImageScan.Mode(signed() ? 0 : padding(), false));
  }

  /**
   * Digests the image and the whole file in one pass, to sign it.
   *
   * @param keep the existing signatures stay, so the image must keep its very length; otherwise it
   *     is padded to a multiple of 8
   */
  public ImageScan scanToSign(Set<DigestAlgorithm> algorithms, boolean keep) {
    int padding = keep && signed() ? 0 : padding();
    return ImageScan.run(this, algorithms, new ImageScan.Mode(padding, true));
  }

  /** Page hashes of the file as it stands. */
  public PageHashes pageHashes(DigestAlgorithm algorithm) {
    return PageHashes.of(this, algorithm);
  }

  /**
   * Takes the certificate table off. The checksum becomes the right one even where the file had 0
   * before it was signed, and up to 7 zeros stay that signing appended to an odd length: neither is
   * recorded in a signed file.
   */
  public Patch strip() {
    if (!signed()) {
      return Patch.of(new Patch.Piece.Range(0, artifact.size()));
    }
    return ImageScan.run(this, Set.of(), new ImageScan.Mode(0, false)).replaceTable(Bytes.EMPTY);
  }

  private int padding() {
    return (int) (-imageEnd() & (WinCertificate.ALIGNMENT - 1));
  }
}
