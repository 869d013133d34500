// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.artifact.Patch;
import io.sgcsign.artifact.Patch.Piece;
import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sectors of a file that changes. New sectors come at its end, so nothing that is there moves;
 * freed ones are wiped, and cut off where they are the end. Only what changes is held in memory.
 */
final class SectorEdit {
  private final SectorReader reader;
  private final Geometry geometry;
  private final Fat fat;
  private final ByteBuffer header;
  private final List<Integer> fatSectors;
  private final List<Integer> difatSectors;
  private final TreeMap<Integer, ByteBuffer> changed = new TreeMap<>();
  private final BitSet freed = new BitSet();
  private int count;

  SectorEdit(CfbHeader header, SectorReader reader, Fat fat) {
    this.reader = reader;
    this.geometry = reader.geometry();
    this.fat = fat;
    this.header = ByteBuffer.wrap(header.raw().toArray()).order(ByteOrder.LITTLE_ENDIAN);
    this.fatSectors = new ArrayList<>(fat.sectors());
    this.difatSectors = new ArrayList<>(fat.difatSectors());
    this.count = reader.count();
  }

  Geometry geometry() {
    return geometry;
  }

  void header(int at, int value) {
    header.putInt(at, value);
  }

  /** To read only. */
  ByteBuffer view(int sector) {
    ByteBuffer present = changed.get(sector);
    return present == null ? reader.read(sector) : present;
  }

  /** To write to. */
  ByteBuffer open(int sector) {
    return changed.computeIfAbsent(sector, reader::read);
  }

  int next(int sector) {
    if (sector >= reach()) {
      return Geometry.FREE;
    }
    ByteBuffer table = changed.get(fatSectors.get(sector / geometry.perSector()));
    return table == null ? fat.next(sector) : table.getInt(slot(sector));
  }

  private int slot(int sector) {
    return sector % geometry.perSector() * Integer.BYTES;
  }

  /** Sectors the FAT has entries for. */
  private int reach() {
    return fatSectors.size() * geometry.perSector();
  }

  void link(int sector, int next) {
    while (sector >= reach()) {
      growFat();
    }
    open(fatSectors.get(sector / geometry.perSector())).putInt(slot(sector), next);
  }

  /** A new sector at the end, all of {@code fill}, the last of its chain. */
  int append(byte fill) {
    int sector = extend(fill);
    link(sector, Geometry.END_OF_CHAIN);
    return sector;
  }

  private int extend(byte fill) {
    if (geometry.rangeLock(count)) {
      changed.put(count++, filled((byte) 0));
    }
    changed.put(count, filled(fill));
    freed.clear(count);
    return count++;
  }

  private ByteBuffer filled(byte fill) {
    byte[] out = new byte[geometry.sectorSize()];
    Arrays.fill(out, fill);
    return ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void growFat() {
    int sector = extend((byte) 0xff);
    fatSectors.add(sector);
    nameFat(fatSectors.size() - 1, sector);
    header(CfbHeader.FAT_SECTORS_AT, fatSectors.size());
    link(sector, Geometry.FAT_SECTOR);
  }

  /** Writes the number of a FAT sector where readers look for it: the header, then the DIFAT. */
  private void nameFat(int index, int sector) {
    if (index < Geometry.HEADER_DIFAT) {
      header(CfbHeader.DIFAT_AT + index * Integer.BYTES, sector);
      return;
    }
    int per = geometry.perSector() - 1;
    int table = (index - Geometry.HEADER_DIFAT) / per;
    if (table == difatSectors.size()) {
      growDifat();
    }
    open(difatSectors.get(table))
        .putInt((index - Geometry.HEADER_DIFAT) % per * Integer.BYTES, sector);
  }

  private void growDifat() {
    int sector = extend((byte) 0xff);
    endDifat(sector);
    difatSectors.add(sector);
    endDifat(Geometry.END_OF_CHAIN);
    header(CfbHeader.DIFAT_SECTORS_AT, difatSectors.size());
    link(sector, Geometry.DIFAT_SECTOR);
  }

  /** Lets the last DIFAT sector, or the header, point to {@code next}. */
  private void endDifat(int next) {
    if (difatSectors.isEmpty()) {
      header(CfbHeader.FIRST_DIFAT_AT, next);
    } else {
      open(difatSectors.getLast()).putInt(geometry.sectorSize() - Integer.BYTES, next);
    }
  }

  /** Writes a stream to new sectors and gives the first. */
  int write(Bytes content) {
    int first = Geometry.END_OF_CHAIN;
    int last = first;
    for (int at = 0; at < content.size(); at += geometry.sectorSize()) {
      int sector = append((byte) 0);
      int length = Math.min(geometry.sectorSize(), content.size() - at);
      open(sector).put(0, content.slice(at, at + length).toArray());
      if (at == 0) {
        first = sector;
      } else {
        link(last, sector);
      }
      last = sector;
    }
    return first;
  }

  void free(int sector) {
    link(sector, Geometry.FREE);
    changed.put(sector, filled((byte) 0));
    freed.set(sector);
  }

  void freeChain(int first) {
    for (int at = first; at >= 0; ) {
      int next = next(at);
      free(at);
      at = next;
    }
  }

  /** Cuts freed sectors off the end, and what of the FAT served them alone. */
  void trim() {
    do {
      while (count > 0 && (freed.get(count - 1) || geometry.rangeLock(count - 1))) {
        count--;
        changed.remove(count);
        if (count < reach()) {
          link(count, Geometry.FREE);
        }
      }
    } while (shrinkFat());
  }

  private boolean shrinkFat() {
    int index = fatSectors.size() - 1;
    int from = index * geometry.perSector();
    int beyond = index - Geometry.HEADER_DIFAT;
    boolean lastOfDifat = beyond >= 0 && beyond % (geometry.perSector() - 1) == 0;
    int table = fatSectors.getLast();
    int difat = lastOfDifat ? difatSectors.getLast() : table;
    if (index == 0 || table < from || difat < from || freed.isEmpty()) {
      return false;
    }
    for (int s = from; s < reach(); s++) {
      if (next(s) != Geometry.FREE && s != table && s != difat) {
        return false;
      }
    }
    nameFat(index, Geometry.FREE);
    fatSectors.removeLast();
    freed.set(table);
    header(CfbHeader.FAT_SECTORS_AT, fatSectors.size());
    if (lastOfDifat) {
      difatSectors.removeLast();
      freed.set(difat);
      endDifat(Geometry.END_OF_CHAIN);
      header(CfbHeader.DIFAT_SECTORS_AT, difatSectors.size());
    }
    return true;
  }

  /** The file as it is now. */
  Patch patch() {
    if (geometry.offset(count) > geometry.maxSize()) {
      throw CfbFault.tooLarge(
          "With its signature the file would have more than "
              + geometry.maxSize()
              + " bytes, which version "
              + geometry.version()
              + " of compound files cannot have");
    }
    lockRange();
    var pieces = new ArrayList<Piece>();
    pieces.add(new Piece.Literal(Bytes.of(header.array())));
    long at = Geometry.HEADER;
    for (Map.Entry<Integer, ByteBuffer> change : changed.entrySet()) {
      long offset = geometry.offset(change.getKey());
      keep(at, offset, pieces);
      pieces.add(new Piece.Literal(Bytes.of(change.getValue().array())));
      at = offset + geometry.sectorSize();
    }
    long end = geometry.offset(count);
    // a file may end within its last sector
    keep(at, count == reader.count() ? Math.min(end, reader.artifact().size()) : end, pieces);
    return new Patch(pieces);
  }

  /** Files beyond 2 GiB have the sector before that offset allocated to nobody. */
  private void lockRange() {
    for (int sector : List.copyOf(changed.keySet())) {
      if (geometry.rangeLock(sector) && sector >= reader.count()) {
        link(sector, Geometry.END_OF_CHAIN);
      }
    }
  }

  private void keep(long from, long to, List<Piece> pieces) {
    long end = Math.min(to, reader.artifact().size());
    if (from < end) {
      pieces.add(new Piece.Range(from, end - from));
    }
    long zeros = to - Math.max(end, from);
    if (zeros > 0) {
      pieces.add(new Piece.Literal(Bytes.wrap(new byte[(int) zeros])));
    }
  }
}
