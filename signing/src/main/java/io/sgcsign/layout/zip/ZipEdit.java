// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.artifact.Patch.Piece;
import io.sgcsign.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A change of an archive: entries taken out, put before all others or behind them. Every other
 * entry keeps its bytes and its place in the order, in the file and in the central directory. Not
 * thread-safe.
 */
public final class ZipEdit {
  private final ZipFile zip;
  private final Set<String> removed = new HashSet<>();
  private final List<NewEntry> first = new ArrayList<>();
  private final List<NewEntry> last = new ArrayList<>();

  ZipEdit(ZipFile zip) {
    this.zip = zip;
  }

  /** Takes an entry out, if it is there. */
  public ZipEdit remove(String name) {
    removed.add(name);
    return this;
  }

  /** Puts an entry before all others, behind those put there before. */
  public ZipEdit putFirst(NewEntry entry) {
    first.add(entry);
    return this;
  }

  /** Puts an entry behind all others. */
  public ZipEdit putLast(NewEntry entry) {
    last.add(entry);
    return this;
  }

  /**
   * The archive with these changes.
   *
   * @throws ArtifactException if it would have to be ZIP64 and is not, or have a name twice
   */
  public Patch patch() {
    checkNames();
    var pieces = new Pieces();
    var offsets = new HashMap<String, Long>();
    writeEntries(pieces, offsets);
    long directoryAt = pieces.size();
    int count = writeDirectory(pieces, offsets);
    long directorySize = pieces.size() - directoryAt;
    boolean large = count > ZipEnd.MAX_COUNT || directoryAt + directorySize > ZipEnd.MAX_OFFSET;
    if (large && zip.end().wide().isEmpty()) {
      throw ZipFault.tooLarge("With what is added the archive would have to be ZIP64");
    }
    pieces.add(zip.end().with(count, directorySize, directoryAt));
    return pieces.patch();
  }

  private void checkNames() {
    var names = new HashSet<String>();
    var added = new ArrayList<>(first);
    added.addAll(last);
    for (NewEntry entry : added) {
      boolean stays = zip.entry(entry.name()).isPresent() && !removed.contains(entry.name());
      if (stays || !names.add(entry.name())) {
        throw ZipFault.malformed("The archive would have the entry " + entry.name() + " twice");
      }
    }
  }

  private void writeEntries(Pieces pieces, Map<String, Long> offsets) {
    long from = zip.firstAt();
    pieces.add(0, from);
    first.forEach(entry -> write(entry, pieces, offsets));
    for (ZipEntry entry : zip.byOffset()) {
      if (removed.contains(entry.name())) {
        pieces.add(from, entry.headerAt());
        from = entry.end();
      } else {
        offsets.put(entry.name(), pieces.size() + entry.headerAt() - from);
      }
    }
    pieces.add(from, zip.end().directoryAt());
    last.forEach(entry -> write(entry, pieces, offsets));
  }

  private static void write(NewEntry entry, Pieces pieces, Map<String, Long> offsets) {
    offsets.put(entry.name(), pieces.size());
    pieces.add(entry.local());
  }

  private int writeDirectory(Pieces pieces, Map<String, Long> offsets) {
    int count = first.size() + last.size();
    first.forEach(entry -> pieces.add(entry.central(offset(offsets, entry.name()))));
    for (ZipEntry entry : zip.entries()) {
      if (removed.contains(entry.name())) {
        continue;
      }
      count++;
      long at = entry.directoryAt();
      long end = at + entry.directoryLength();
      long offset = offset(offsets, entry.name());
      if (offset == entry.headerAt()) {
        pieces.add(at, end);
      } else {
        Bytes field = offsetField(entry, offset);
        pieces.add(at, at + entry.offsetAt());
        pieces.add(field);
        pieces.add(at + entry.offsetAt() + field.size(), end);
      }
    }
    last.forEach(entry -> pieces.add(entry.central(offset(offsets, entry.name()))));
    return count;
  }

  private static Bytes offsetField(ZipEntry entry, long offset) {
    byte[] field = new byte[entry.wide() ? Long.BYTES : Integer.BYTES];
    if (entry.wide()) {
      Fields.putU64(field, 0, offset);
    } else if (offset <= ZipEnd.MAX_OFFSET) {
      Fields.putU32(field, 0, offset);
    } else {
      throw ZipFault.tooLarge("The entry " + entry.name() + " would have to be ZIP64");
    }
    return Bytes.wrap(field);
  }

  private static long offset(Map<String, Long> offsets, String name) {
    Long offset = offsets.get(name);
    if (offset == null) {
      throw new IllegalStateException(name + " was not written");
    }
    return offset;
  }

  /** Pieces of a patch; ranges that follow one another become one. */
  private static final class Pieces {
    private final List<Piece> pieces = new ArrayList<>();
    private long rangeFrom;
    private long rangeTo;
    private long size;

    long size() {
      return size;
    }

    void add(long from, long to) {
      size += to - from;
      if (from == rangeTo) {
        rangeTo = to;
        return;
      }
      flush();
      rangeFrom = from;
      rangeTo = to;
    }

    void add(Bytes literal) {
      size += literal.size();
      flush();
      pieces.add(new Piece.Literal(literal));
    }

    private void flush() {
      if (rangeTo > rangeFrom) {
        pieces.add(new Piece.Range(rangeFrom, rangeTo - rangeFrom));
      }
      rangeFrom = 0;
      rangeTo = 0;
    }

    Patch patch() {
      flush();
      return new Patch(pieces);
    }
  }
}
