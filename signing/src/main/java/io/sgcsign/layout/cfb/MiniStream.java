// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The mini stream and its table (MS-CFB 2.4): where streams below 4,096 bytes live. */
final class MiniStream {
  /** Bytes. A table of 16 MiB; honest packages stay below some MiB. */
  static final long MAX_SIZE = 256L << 20;

  private final int[] sectors;
  private final int[] fatSectors;
  private final int[] next;
  private final int count;
  private final BitSet taken = new BitSet();

  private MiniStream(int[] sectors, int[] fatSectors, int[] next, int count) {
    this.sectors = sectors;
    this.fatSectors = fatSectors;
    this.next = next;
    this.count = count;
  }

  static MiniStream read(CfbHeader header, DirectoryEntry root, Fat fat, SectorReader reader) {
    Geometry geometry = reader.geometry();
    if (root.size() > MAX_SIZE) {
      throw CfbFault.tooLarge(
          "The mini stream has %d bytes; up to %d are read".formatted(root.size(), MAX_SIZE));
    }
    int[] sectors =
        root.size() == 0
            ? new int[0]
            : fat.chain(root.start(), root.size(), "The mini stream", reader);
    int[] fatSectors =
        header.miniFatSectors() == 0
            ? new int[0]
            : fat.chain(header.firstMiniFat(), 1, "The mini FAT", reader);
    int count = (int) Geometry.miniSectorsFor(root.size());
    int per = geometry.perSector();
    int read = Math.min(fatSectors.length, (count + per - 1) / per);
    int[] next = new int[read * per];
    for (int i = 0; i < read; i++) {
      reader.read(fatSectors[i]).asIntBuffer().get(next, i * per, per);
    }
    return new MiniStream(sectors, fatSectors, next, count);
  }

  /** Where the mini stream lies. */
  List<Integer> sectors() {
    return Arrays.stream(sectors).boxed().toList();
  }

  /** Where its table lies. */
  List<Integer> fatSectors() {
    return Arrays.stream(fatSectors).boxed().toList();
  }

  /** The mini sector behind {@code mini} in its chain; what the table does not reach is free. */
  int next(int mini) {
    return mini < next.length ? next[mini] : Geometry.FREE;
  }

  /** How many mini sectors there are. */
  int count() {
    return count;
  }

  /** Walks a stream's mini sectors and takes them; each has one owner only. */
  void take(DirectoryEntry entry) {
    long needed = Geometry.miniSectorsFor(entry.size());
    long length = 0;
    for (int at = entry.start(); at != Geometry.END_OF_CHAIN; at = next[at]) {
      if (at < 0 || at >= Math.min(count, next.length)) {
        throw CfbFault.malformed(
            "Stream %d goes on in mini sector %s, but there are %d"
                .formatted(entry.id(), Integer.toUnsignedString(at), Math.min(count, next.length)));
      }
      if (taken.get(at)) {
        throw CfbFault.malformed(
            "Stream %d runs in a circle or into another at mini sector %d"
                .formatted(entry.id(), at));
      }
      taken.set(at);
      length++;
    }
    if (length < needed) {
      throw CfbFault.malformed(
          "Stream %d ends after %d of %d mini sectors".formatted(entry.id(), length, needed));
    }
  }

  /** Where a mini sector begins in the file. */
  long offset(int mini, Geometry geometry) {
    int per = geometry.sectorSize() / Geometry.MINI_SECTOR;
    return geometry.offset(sectors[mini / per]) + (long) (mini % per) * Geometry.MINI_SECTOR;
  }
}
