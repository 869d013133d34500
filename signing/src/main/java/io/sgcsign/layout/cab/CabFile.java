// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cab;

import static io.sgcsign.layout.cab.CabHeader.AFTER_SIGNATURE;
import static io.sgcsign.layout.cab.CabHeader.FOLDER_SIZE;
import static io.sgcsign.layout.cab.CabHeader.GROWTH;
import static io.sgcsign.layout.cab.CabHeader.SIZE;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.artifact.Patch.Piece;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.Optional;
import java.util.Set;

/**
 * A cabinet (MS-CAB), read from an artifact that stays open as long as this is used. Immutable;
 * memory holds header, folders and signature only.
 *
 * <p>A signature lies behind the cabinet; 20 reserved bytes of the header say where. A cabinet that
 * has never been signed gets these bytes, which moves everything behind the header.
 */
public final class CabFile {
  /** Bytes. Offsets have 32 bits. */
  public static final long MAX_SIZE = 0xffffffffL;

  /** Bytes. A hundred times the largest signature there is reason for. */
  private static final int MAX_SIGNATURE = 8 * 1024 * 1024;

  private static final int ALIGNMENT = 8;

  private final Artifact artifact;
  private final CabHeader header;
  private final Bytes folders;
  private final Optional<Bytes> signature;
  private final boolean irregular;

  private CabFile(Artifact artifact, CabHeader header) {
    this.artifact = artifact;
    this.header = header;
    this.folders = readFolders();
    Bytes room = signatureRoom();
    this.signature =
        room.isEmpty() ? Optional.empty() : Optional.of(room.slice(0, Der.leadingSize(room)));
    this.irregular = unsignedBytesSaySomething(room);
  }

  /** Whether the file begins like a cabinet. */
  public static boolean recognise(Artifact artifact) {
    return CabHeader.begins(artifact.read(0, (int) Math.min(artifact.size(), 4)));
  }

  /**
   * Reads header, folders and signature.
   *
   * @throws ArtifactException if the file is no cabinet, a damaged one, or one of a set
   */
  public static CabFile parse(Artifact artifact) {
    Bytes first = artifact.read(0, (int) Math.min(artifact.size(), SIZE));
    CabHeader header = CabHeader.parse(first);
    if (artifact.size() > MAX_SIZE) {
      throw CabFault.tooLarge(artifact.size());
    }
    return new CabFile(artifact, header);
  }

  /** Bytes that stand before what the file itself has: 0, or as many as a reserve would take. */
  private long shift() {
    return header.reserved() ? 0 : GROWTH;
  }

  private Bytes readFolders() {
    long end = SIZE + (long) header.folders() * FOLDER_SIZE;
    if (end != header.filesAt()) {
      throw CabFault.malformed(
          "The header has %d folders, which end at %d, but files begin at %d"
              .formatted(header.folders(), end - shift(), header.filesAt() - shift()));
    }
    if (end > header.cabinetSize() || end - shift() > artifact.size()) {
      throw ArtifactException.truncated("The file ends within its table of folders");
    }
    Bytes table = artifact.read(SIZE - shift(), (int) (end - SIZE));
    for (int at = 0; at < table.size(); at += FOLDER_SIZE) {
      long data = CabHeader.u32(table, at) + shift();
      if (data < end || data > header.cabinetSize()) {
        throw CabFault.malformed("The data of a folder begins outside the cabinet, at " + data);
      }
    }
    return table;
  }

  /** The bytes the header says are the signature. */
  private Bytes signatureRoom() {
    long end = header.cabinetSize() - shift();
    if (end > artifact.size()) {
      throw ArtifactException.truncated(
          "The cabinet needs %d bytes, but the file ends at %d".formatted(end, artifact.size()));
    }
    long at = header.signatureAt();
    long size = header.signatureSize();
    if (!header.reserved() || (at == 0 && size == 0)) {
      if (artifact.size() > end) {
        throw CabFault.hidden((artifact.size() - end) + " bytes follow the cabinet");
      }
      return Bytes.EMPTY;
    }
    if (at != end || size == 0 || size > MAX_SIGNATURE || at + size != artifact.size()) {
      throw CabFault.malformed(
          "The header puts %d bytes of signature at %d; the cabinet ends at %d, the file at %d"
              .formatted(size, at, end, artifact.size()));
    }
    return artifact.read(at, (int) size);
  }

  /** Number in the set, reserve and padding: no signature covers them. */
  private boolean unsignedBytesSaySomething(Bytes room) {
    boolean numbered = CabHeader.u16(header.data(), 34) != 0;
    if (signature.isEmpty()) {
      return numbered;
    }
    Bytes padding = room.slice(signature.get().size(), room.size());
    Bytes reserve = header.data().slice(AFTER_SIGNATURE, AFTER_SIGNATURE + 4);
    return numbered
        || padding.size() >= ALIGNMENT
        || !padding.equals(zeros(padding.size()))
        || !reserve.equals(zeros(4));
  }

  private static Bytes zeros(int size) {
    return Bytes.wrap(new byte[size]);
  }

  public Artifact artifact() {
    return artifact;
  }

  int files() {
    return header.files();
  }

  /** Where the table of files begins in the file. */
  long filesAt() {
    return header.filesAt() - shift();
  }

  int folders() {
    return header.folders();
  }

  /** Where the data of a folder begins in the file. */
  long dataAt(int folder) {
    return CabHeader.u32(folders, folder * FOLDER_SIZE);
  }

  int blocks(int folder) {
    return CabHeader.u16(folders, folder * FOLDER_SIZE + 4);
  }

  /** How a folder is compressed (MS-CAB §2.2: typeCompress). */
  int compression(int folder) {
    return CabHeader.u16(folders, folder * FOLDER_SIZE + 6);
  }

  /** Where the cabinet ends in the file; behind it only the signature follows. */
  long end() {
    return header.cabinetSize() - shift();
  }

  /** The CMS ContentInfo, without padding. */
  public Optional<Bytes> signature() {
    return signature;
  }

  /** Whether bytes that no signature covers hold something else than they have to. */
  public boolean hidesData() {
    return irregular;
  }

  /**
   * Digests what a signature covers, in one pass.
   *
   * @param wholeFile also digest every byte of the file
   */
  public CabScan scan(Set<DigestAlgorithm> algorithms, boolean wholeFile) {
    var pass = new CabScan.Pass(algorithms, wholeFile);
    long body = header.filesAt() - shift();
    pass.whole(artifact, 0, body);
    pass.content(header.data().slice(0, 4));
    pass.content(header.data().slice(8, 34));
    pass.content(header.data().slice(56, SIZE));
    pass.content(movedFolders(shift()));
    pass.both(artifact, body, header.cabinetSize() - shift());
    pass.whole(artifact, header.cabinetSize() - shift(), artifact.size());
    return pass.end(this);
  }

  /** The table of folders with every offset moved. */
  private Bytes movedFolders(long by) {
    byte[] table = folders.toArray();
    for (int at = 0; at < table.length; at += FOLDER_SIZE) {
      CabHeader.put(table, at, CabHeader.u32(folders, at) + by);
    }
    return Bytes.wrap(table);
  }

  /** The cabinet with this signature and no other. */
  public Patch embed(Bytes cms) {
    Bytes padding = zeros((ALIGNMENT - cms.size() % ALIGNMENT) % ALIGNMENT);
    long at = header.cabinetSize();
    long size = (long) cms.size() + padding.size();
    if (at + size > MAX_SIZE) {
      throw CabFault.tooLarge(at + size);
    }
    return Patch.of(
        new Piece.Literal(header.pointingAt(at, size)),
        new Piece.Literal(movedFolders(shift())),
        body(),
        new Piece.Literal(Bytes.concat(cms, padding)));
  }

  /** The cabinet without signature and without the reserve that said where it is. */
  public Patch strip() {
    if (!header.reserved()) {
      return Patch.of(new Piece.Range(0, artifact.size()));
    }
    return Patch.of(
        new Piece.Literal(header.plain()), new Piece.Literal(movedFolders(-GROWTH)), body());
  }

  private Piece body() {
    long from = header.filesAt() - shift();
    return new Piece.Range(from, header.cabinetSize() - shift() - from);
  }
}
