// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.artifact.Patch.Piece;
import io.sgcsign.bytes.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A WiX Burn bundle with containers behind its engine. The engine finds them by where it ends
 * itself, and it leaves them behind when it copies itself into the package cache, so it needs a
 * signature of its own: the engine is taken off, signed, its signature noted in {@code .wixburn}
 * and taken out of the header, the containers put behind it, and then the whole is signed
 * (burn/engine/ section.cpp, SectionInitialize; cache.cpp, CopyEngineWithSignatureFixup; {@code wix
 * burn detach} and {@code reattach}). Immutable.
 */
public final class BurnBundle {
  private static final int ENTRY_SIZE = 8;

  private final PeFile pe;
  private final BurnSection section;

  private BurnBundle(PeFile pe, BurnSection section) {
    this.pe = pe;
    this.section = section;
  }

  /**
   * Whether {@code artifact} is a bundle that cannot be signed like any other program: sound and
   * with containers behind its engine, or unsound.
   */
  public static boolean recognise(Artifact artifact) {
    try {
      return hasSection(artifact) && parse(artifact).isPresent();
    } catch (ArtifactException _) {
      return true; // whoever opens it says what is wrong
    }
  }

  /**
   * A container of a bundle: a cabinet in the middle of the file.
   *
   * @param from where it begins
   * @param to where it ends (exclusive)
   */
  public record Attached(long from, long to) {}

  /** Whether {@code artifact} says that it is a bundle, sound or not. */
  public static boolean claimed(Artifact artifact) {
    return hasSection(artifact);
  }

  /**
   * The containers that are there: the engine's own, with its user interface, and those behind it.
   *
   * @throws ArtifactException if it is damaged
   */
  public static List<Attached> containers(Artifact artifact) {
    PeFile pe = PeFile.parse(artifact);
    BurnSection section =
        BurnSection.find(artifact, pe.header())
            .orElseThrow(() -> PeFault.malformed("The program is no bundle"));
    if (section.bareEngine() > pe.imageEnd()) {
      throw ArtifactException.truncated(
          "The engine of the bundle ends at offset %d, behind the end of the file at %d"
              .formatted(section.bareEngine(), pe.imageEnd()));
    }
    var out = new ArrayList<Attached>();
    List<Long> sizes = section.containers();
    if (!sizes.isEmpty()) {
      out.add(new Attached(section.stub(), section.bareEngine()));
    }
    long at = section.engineEnd();
    for (long size :
        parse(artifact).isPresent() ? sizes.subList(1, sizes.size()) : List.<Long>of()) {
      out.add(new Attached(at, at + size));
      at += size;
    }
    out.removeIf(c -> c.from() == c.to());
    return out;
  }

  private static boolean hasSection(Artifact artifact) {
    try {
      return PeFile.recognise(artifact) && BurnSection.in(PeHeader.parse(artifact));
    } catch (ArtifactException _) {
      return false; // a damaged program, if one at all
    }
  }

  /**
   * Reads a bundle. Empty: a program that needs no more than one signature, be it no bundle, one
   * without containers behind its engine, or an engine taken off by {@code wix burn detach}.
   *
   * @throws ArtifactException if it is damaged
   */
  public static Optional<BurnBundle> parse(Artifact artifact) {
    PeFile pe = PeFile.parse(artifact);
    Optional<BurnSection> section = BurnSection.find(artifact, pe.header());
    if (section.isEmpty() || section.get().containers().size() < 2) {
      return Optional.empty();
    }
    var bundle = new BurnBundle(pe, section.get());
    bundle.checkEngine();
    return bundle.checkContainers() ? Optional.of(bundle) : Optional.empty();
  }

  private void checkEngine() {
    long program =
        pe.header().sections().stream()
            .map(PeHeader.Section::end)
            .max(Comparator.naturalOrder())
            .orElse(0L);
    if (section.stub() < program || section.bareEngine() > pe.imageEnd()) {
      throw PeFault.malformed(
          "The bundle has no engine: its sections end at %d, the engine at %d, the file at %d"
              .formatted(program, section.bareEngine(), pe.imageEnd()));
    }
    long gap = section.signatureAt() - section.bareEngine();
    if (section.signatureAt() > 0 && (gap < 0 || gap >= WinCertificate.ALIGNMENT)) {
      throw PeFault.malformed(
          "The engine ends at offset %d, its signature is said to be at %d"
              .formatted(section.bareEngine(), section.signatureAt()));
    }
  }

  /** Whether they are there; all or none have to be. */
  private boolean checkContainers() {
    long end = section.engineEnd() + section.attached();
    long behind = pe.imageEnd() - end;
    boolean alone =
        section.signatureAt() == 0
            && section.attached() > 0
            && pe.imageEnd() - section.bareEngine() < WinCertificate.ALIGNMENT;
    if (alone) {
      return false;
    }
    if (behind < 0) {
      throw ArtifactException.truncated(
          "The containers of the bundle end at offset %d, behind the end of the file at %d"
              .formatted(end, pe.imageEnd()));
    }
    if (behind >= WinCertificate.ALIGNMENT
        || !pe.artifact().read(end, (int) behind).equals(Bytes.wrap(new byte[(int) behind]))) {
      throw PeFault.hidden("%d bytes follow the containers of the bundle".formatted(behind));
    }
    return true;
  }

  /** The bundle as the program it is. */
  public PeFile pe() {
    return pe;
  }

  /**
   * Why the engine would not find its containers or not be signed in the cache; empty: it would.
   */
  public Optional<String> signatureFault() {
    return section.signatureAt() > 0
        ? Optional.empty()
        : Optional.of(
            "The bundle is signed, but not its engine: it looks for its containers behind the"
                + " signature");
  }

  /** The engine as Burn puts it into the package cache. */
  public Artifact engine() {
    boolean signed = section.signatureAt() > 0;
    var pieces = new ArrayList<Piece>();
    head(
        pieces,
        signed ? word(section.checksum()) : checksum(),
        entry(section.signatureAt(), section.signatureSize()),
        BurnSection.original(0, 0, 0));
    return pe.artifact().with(whole(pieces, section.engineEnd()));
  }

  /** The engine without a signature, as a change of the bundle. */
  public Patch bareEngine() {
    var pieces = new ArrayList<Piece>();
    head(pieces, bareChecksum(), entry(0, 0), BurnSection.original(0, 0, 0));
    return whole(pieces, section.bareEngine());
  }

  /** The bundle without signatures, its own and its engine's. */
  public Patch bare() {
    return reattach(bareEngine());
  }

  /**
   * The bundle with its engine signed and itself not.
   *
   * @param signed a change of what {@link #bareEngine} gives
   */
  public Patch withEngine(Patch signed) {
    Patch engine = bareEngine().then(signed);
    PeHeader header = PeHeader.parse(pe.artifact().with(engine));
    var pieces = new ArrayList<Piece>();
    head(
        pieces,
        word(0),
        entry(0, 0),
        BurnSection.original(header.checksum(), header.tableOffset(), header.tableSize()));
    return reattach(engine.then(whole(pieces, engine.size())));
  }

  private Patch reattach(Patch engine) {
    var pieces = new ArrayList<>(engine.pieces());
    pieces.add(new Piece.Range(section.engineEnd(), section.attached()));
    return new Patch(pieces);
  }

  /** What the header has of a checksum stays where nothing was signed. */
  private Bytes bareChecksum() {
    return pe.signed() || section.signatureAt() > 0 ? word(0) : checksum();
  }

  private Bytes checksum() {
    return word(pe.header().checksum());
  }

  private static Bytes word(long value) {
    byte[] out = new byte[Integer.BYTES];
    Words.putU32(out, 0, value);
    return Bytes.wrap(out);
  }

  private static Bytes entry(long at, long size) {
    return Bytes.concat(word(at), word(size));
  }

  /** All up to what the section says of signatures, with other values in three places. */
  private void head(List<Piece> pieces, Bytes checksum, Bytes entry, Bytes original) {
    long checksumAt = pe.header().checksumOffset();
    long entryAt = pe.header().directoryOffset();
    long originalAt = section.at() + BurnSection.ORIGINAL_AT;
    if (originalAt < entryAt + ENTRY_SIZE) {
      throw PeFault.malformed("The section " + BurnSection.NAME + " lies in the headers");
    }
    range(pieces, 0, checksumAt);
    pieces.add(new Piece.Literal(checksum));
    range(pieces, checksumAt + checksum.size(), entryAt);
    pieces.add(new Piece.Literal(entry));
    range(pieces, entryAt + entry.size(), originalAt);
    pieces.add(new Piece.Literal(original));
  }

  private Patch whole(List<Piece> head, long end) {
    var pieces = new ArrayList<>(head);
    range(pieces, section.at() + BurnSection.ORIGINAL_AT + BurnSection.ORIGINAL_SIZE, end);
    return new Patch(pieces);
  }

  private static void range(List<Piece> pieces, long from, long to) {
    pieces.add(new Piece.Range(from, to - from));
  }
}
