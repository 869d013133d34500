// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The mini stream of a file that changes: it grows and shrinks at its end only. */
final class MiniEdit {
  private final SectorEdit sectors;
  private final Geometry geometry;
  private final MiniStream before;
  private final List<Integer> data;
  private final List<Integer> table;
  private final BitSet freed = new BitSet();
  private int count;

  MiniEdit(SectorEdit sectors, MiniStream before) {
    this.sectors = sectors;
    this.geometry = sectors.geometry();
    this.before = before;
    this.data = new ArrayList<>(before.sectors());
    this.table = new ArrayList<>(before.fatSectors());
    this.count = before.count();
  }

  /** First sector of the mini stream, for the root's directory entry. */
  int start() {
    return data.isEmpty() ? Geometry.END_OF_CHAIN : data.getFirst();
  }

  /** Bytes, for the root's directory entry. */
  long size() {
    return (long) count * Geometry.MINI_SECTOR;
  }

  private int next(int mini) {
    int index = mini / geometry.perSector();
    return index < table.size()
        ? sectors.view(table.get(index)).getInt(slot(mini))
        : before.next(mini);
  }

  private int slot(int mini) {
    return mini % geometry.perSector() * Integer.BYTES;
  }

  private void link(int mini, int next) {
    sectors.open(table.get(mini / geometry.perSector())).putInt(slot(mini), next);
  }

  /** Writes a stream and gives its first mini sector. */
  int write(Bytes content) {
    int first = count;
    count += (int) Geometry.miniSectorsFor(content.size());
    grow();
    for (int mini = first; mini < count; mini++) {
      int at = (mini - first) * Geometry.MINI_SECTOR;
      int end = Math.min(at + Geometry.MINI_SECTOR, content.size());
      fill(mini, content.slice(at, end));
      link(mini, mini + 1 < count ? mini + 1 : Geometry.END_OF_CHAIN);
      freed.clear(mini);
    }
    return first;
  }

  private void grow() {
    while ((long) data.size() * geometry.sectorSize() < size()) {
      extend(data, (byte) 0);
    }
    while (table.size() * geometry.perSector() < count) {
      extend(table, (byte) 0xff);
      tellTable();
    }
  }

  private void extend(List<Integer> chain, byte fill) {
    int sector = sectors.append(fill);
    if (!chain.isEmpty()) {
      sectors.link(chain.getLast(), sector);
    }
    chain.add(sector);
  }

  private void tellTable() {
    sectors.header(
        CfbHeader.FIRST_MINI_FAT_AT, table.isEmpty() ? Geometry.END_OF_CHAIN : table.getFirst());
    sectors.header(CfbHeader.MINI_FAT_SECTORS_AT, table.size());
  }

  private void fill(int mini, Bytes content) {
    int per = geometry.sectorSize() / Geometry.MINI_SECTOR;
    byte[] whole = new byte[Geometry.MINI_SECTOR];
    content.copyTo(0, whole, 0, content.size());
    ByteBuffer sector = sectors.open(data.get(mini / per));
    sector.put(mini % per * Geometry.MINI_SECTOR, whole);
  }

  /** Wipes a stream and cuts its mini sectors off where they are the end. */
  void free(int first) {
    for (int at = first; at >= 0; ) {
      int next = next(at);
      link(at, Geometry.FREE);
      fill(at, Bytes.EMPTY);
      freed.set(at);
      at = next;
    }
    int old = count;
    while (count > 0 && freed.get(count - 1)) {
      count--;
    }
    if (count < old) {
      shrink();
    }
  }

  private void shrink() {
    while (!data.isEmpty() && (long) (data.size() - 1) * geometry.sectorSize() >= size()) {
      cut(data);
    }
    while (!table.isEmpty() && (table.size() - 1) * geometry.perSector() >= count) {
      cut(table);
      tellTable();
    }
  }

  private void cut(List<Integer> chain) {
    sectors.free(chain.removeLast());
    if (!chain.isEmpty()) {
      sectors.link(chain.getLast(), Geometry.END_OF_CHAIN);
    }
  }
}
