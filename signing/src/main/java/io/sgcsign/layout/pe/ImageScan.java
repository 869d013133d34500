// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.artifact.Patch.Piece;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Digests;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one pass over a PE file found: image digests, the digest of the whole file and the part of
 * the checksum that does not change, so that a signature can be embedded without a second pass.
 */
public final class ImageScan {
  private static final int CHECKSUM_SIZE = 4;
  private static final int ENTRY_SIZE = 8;

  private final PeHeader header;
  private final long imageEnd;
  private final int padding;
  private final Digests digests;
  private final Optional<Digest> artifactDigest;
  private final PeChecksum image;
  private final long checksum;

  private ImageScan(PeFile pe, Pass pass, Mode mode) {
    this.header = pe.header();
    this.imageEnd = pe.imageEnd();
    this.padding = mode.padding();
    this.digests = pass.imageDigests();
    this.artifactDigest = pass.artifactDigest();
    this.image = pass.image;
    this.checksum = pass.whole.value(pe.artifact().size());
  }

  /**
   * How to scan.
   *
   * @param padding zeros that are digested behind the image
   * @param wholeFile also digest every byte of the file
   */
  record Mode(int padding, boolean wholeFile) {}

  static ImageScan run(PeFile pe, Set<DigestAlgorithm> algorithms, Mode mode) {
    PeHeader header = pe.header();
    long checksumAt = header.checksumOffset();
    long entryAt = header.directoryOffset();
    var pass = new Pass(pe.artifact(), algorithms, mode.wholeFile());
    pass.image(0, checksumAt);
    pass.skip(checksumAt, checksumAt + CHECKSUM_SIZE, false);
    pass.image(checksumAt + CHECKSUM_SIZE, entryAt);
    pass.skip(entryAt, entryAt + ENTRY_SIZE, true);
    pass.image(entryAt + ENTRY_SIZE, pe.imageEnd());
    pass.skip(pe.imageEnd(), pe.artifact().size(), true);
    pass.finish(mode.padding());
    return new ImageScan(pe, pass, mode);
  }

  /** Authenticode image digests by algorithm. */
  public Digests digests() {
    return digests;
  }

  public Digest digest(DigestAlgorithm algorithm) {
    return digests.get(algorithm);
  }

  /** SHA-256 of the file as it stands; only a scan to sign has it. */
  public Optional<Digest> artifactDigest() {
    return artifactDigest;
  }

  /** What the CheckSum field of the file as it stands should hold. */
  public long checksum() {
    return checksum;
  }

  /**
   * The file with these signatures and no others.
   *
   * @param signatures CMS ContentInfos, one certificate-table entry each
   */
  public Patch embed(List<Bytes> signatures) {
    return replaceTable(WinCertificate.table(signatures));
  }

  Patch replaceTable(Bytes table) {
    long tableAt = imageEnd + padding;
    if (tableAt + table.size() > PeFile.MAX_SIZE) {
      throw PeFault.tooLarge(tableAt + table.size());
    }
    byte[] entry = new byte[ENTRY_SIZE];
    if (!table.isEmpty()) {
      Words.putU32(entry, 0, tableAt);
      Words.putU32(entry, 4, table.size());
    }
    var sum = image.copy().add(Bytes.of(entry), header.directoryOffset()).add(table, tableAt);
    byte[] checksumField = new byte[CHECKSUM_SIZE];
    Words.putU32(checksumField, 0, sum.value(tableAt + table.size()));
    long afterChecksum = header.checksumOffset() + CHECKSUM_SIZE;
    long afterEntry = header.directoryOffset() + ENTRY_SIZE;
    return Patch.of(
        new Piece.Range(0, header.checksumOffset()),
        new Piece.Literal(Bytes.wrap(checksumField)),
        new Piece.Range(afterChecksum, header.directoryOffset() - afterChecksum),
        new Piece.Literal(Bytes.wrap(entry)),
        new Piece.Range(afterEntry, imageEnd - afterEntry),
        new Piece.Literal(Bytes.concat(Bytes.wrap(new byte[padding]), table)));
  }

  /** The running state of one pass. */
  private static final class Pass {
    private final Artifact artifact;
    private final Digests.Pass imageStates;
    private final Optional<MessageDigest> wholeState;
    private final PeChecksum image = new PeChecksum();
    private final PeChecksum whole = new PeChecksum();

    Pass(Artifact artifact, Set<DigestAlgorithm> algorithms, boolean wholeFile) {
      this.artifact = artifact;
      this.imageStates = Digests.of(algorithms);
      this.wholeState =
          wholeFile ? Optional.of(DigestAlgorithm.SHA256.newMessageDigest()) : Optional.empty();
    }

    void image(long from, long to) {
      var at = new long[] {from};
      artifact.stream(
          from,
          to,
          (buffer, offset, length) -> {
            imageStates.update(buffer, offset, length);
            wholeState.ifPresent(state -> state.update(buffer, offset, length));
            image.add(buffer, offset, length, at[0]);
            at[0] += length;
          });
    }

    void skip(long from, long to, boolean summed) {
      var at = new long[] {from};
      artifact.stream(
          from,
          to,
          (buffer, offset, length) -> {
            wholeState.ifPresent(state -> state.update(buffer, offset, length));
            if (summed) {
              whole.add(buffer, offset, length, at[0]);
            }
            at[0] += length;
          });
    }

    void finish(int zeros) {
      imageStates.update(Bytes.wrap(new byte[zeros]));
      whole.add(image); // which so far has only what was skipped
    }

    Digests imageDigests() {
      return imageStates.finish();
    }

    Optional<Digest> artifactDigest() {
      return wholeState.map(s -> new Digest(DigestAlgorithm.SHA256, Bytes.wrap(s.digest())));
    }
  }
}
