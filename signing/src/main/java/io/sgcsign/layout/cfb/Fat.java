// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.artifact.ArtifactException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** The sector allocation table (MS-CFB 2.3, 2.5): for each sector the next of its chain. */
final class Fat {
  private final List<Integer> sectors;
  private final List<Integer> difatSectors;
  private final int[] next;

  private Fat(List<Integer> sectors, List<Integer> difatSectors, int[] next) {
    this.sectors = List.copyOf(sectors);
    this.difatSectors = List.copyOf(difatSectors);
    this.next = next;
  }

  static Fat read(CfbHeader header, SectorReader reader) {
    int count = header.fatSectors();
    if (count < 1 || count > reader.count()) {
      throw CfbFault.malformed(
          "The header claims %s FAT sectors; the file has %d sectors"
              .formatted(Integer.toUnsignedString(count), reader.count()));
    }
    var sectors = new ArrayList<Integer>(count);
    for (int i = 0; i < Math.min(count, Geometry.HEADER_DIFAT); i++) {
      sectors.add(header.difat(i));
    }
    List<Integer> difat = readDifat(header, reader, sectors);
    int per = reader.geometry().perSector();
    int[] next = new int[sectors.size() * per];
    for (int i = 0; i < sectors.size(); i++) {
      reader.take(sectors.get(i), "The FAT");
      reader.read(sectors.get(i)).asIntBuffer().get(next, i * per, per);
    }
    return new Fat(sectors, difat, next);
  }

  private static List<Integer> readDifat(
      CfbHeader header, SectorReader reader, List<Integer> sectors) {
    var difat = new ArrayList<Integer>();
    int per = reader.geometry().perSector() - 1;
    int at = header.firstDifat();
    while (sectors.size() < header.fatSectors()) {
      reader.take(at, "The DIFAT");
      difat.add(at);
      var content = reader.read(at);
      for (int i = 0; i < per && sectors.size() < header.fatSectors(); i++) {
        sectors.add(content.getInt(i * Integer.BYTES));
      }
      at = content.getInt(per * Integer.BYTES);
    }
    return difat;
  }

  /** Where the table itself lies, in order. */
  List<Integer> sectors() {
    return sectors;
  }

  /** Where the table of those lies, as far as the header has no room. */
  List<Integer> difatSectors() {
    return difatSectors;
  }

  /** The sector behind {@code sector} in its chain; what the table does not reach is free. */
  int next(int sector) {
    return sector < next.length ? next[sector] : Geometry.FREE;
  }

  /**
   * Walks a chain and takes its sectors.
   *
   * @param size bytes its owner needs; a shorter chain is an error, a longer one may be a reserve
   */
  void walk(int first, long size, String owner, SectorReader reader, IntConsumer each) {
    Geometry geometry = reader.geometry();
    long covered = 0;
    for (int at = first; at != Geometry.END_OF_CHAIN; covered += geometry.sectorSize()) {
      if (at == Geometry.FREE && covered == 0) {
        break; // some writers begin an empty chain like this
      }
      reader.take(at, owner);
      if (at >= next.length) {
        throw CfbFault.malformed(owner + " uses sector " + at + ", which the FAT does not reach");
      }
      long end = geometry.offset(at) + Math.min(geometry.sectorSize(), size - covered);
      if (end > reader.artifact().size()) {
        throw ArtifactException.truncated(
            "%s goes on to offset %d, but the file ends at %d"
                .formatted(owner, end, reader.artifact().size()));
      }
      each.accept(at);
      at = next[at];
    }
    if (covered < size) {
      throw CfbFault.malformed("%s ends after %d of %d bytes".formatted(owner, covered, size));
    }
  }

  /** As {@link #walk}, of a stream: sectors beyond its size are a reserve that nothing covers. */
  void content(int first, long size, String owner, SectorReader reader, IntConsumer each) {
    var left = new long[] {size};
    walk(
        first,
        size,
        owner,
        reader,
        sector -> {
          if (left[0] <= 0) {
            reader.reserve(sector);
          }
          left[0] -= reader.geometry().sectorSize();
          each.accept(sector);
        });
  }

  /** All sectors of a chain. */
  int[] chain(int first, long size, String owner, SectorReader reader) {
    var out = IntStream.builder();
    walk(first, size, owner, reader, out);
    return out.build().toArray();
  }
}
