// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.bytes.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;

/**
 * The directory (MS-CFB 2.6): entries by number, linked into one tree a storage.
 *
 * @param sectors where it lies
 * @param raw all entries, used or not
 */
record Directory(List<Integer> sectors, Bytes raw, Geometry geometry) {
  /** Installer packages have some hundred; this many are 8 MiB. */
  static final int MAX_ENTRIES = 1 << 16;

  /** Storages in storages. Patches have transforms within them: two levels. */
  private static final int MAX_DEPTH = 32;

  static Directory read(CfbHeader header, Fat fat, SectorReader reader) {
    int[] sectors = fat.chain(header.firstDirectory(), 1, "The directory", reader);
    int size = reader.geometry().sectorSize();
    if ((long) sectors.length * reader.geometry().entriesPerSector() > MAX_ENTRIES) {
      throw CfbFault.tooLarge(
          "The directory has %d sectors, more than %d entries"
              .formatted(sectors.length, MAX_ENTRIES));
    }
    byte[] raw = new byte[sectors.length * size];
    for (int i = 0; i < sectors.length; i++) {
      reader.read(sectors[i]).get(raw, i * size, size);
    }
    return new Directory(
        Arrays.stream(sectors).boxed().toList(), Bytes.wrap(raw), reader.geometry());
  }

  int count() {
    return raw.size() / DirectoryEntry.SIZE;
  }

  int type(int id) {
    return raw.at(id * DirectoryEntry.SIZE + DirectoryEntry.TYPE_AT);
  }

  DirectoryEntry entry(int id) {
    int at = id * DirectoryEntry.SIZE;
    return DirectoryEntry.of(id, raw.slice(at, at + DirectoryEntry.SIZE), geometry);
  }

  /** The whole tree from the root storage. */
  Storage tree() {
    if (type(0) != DirectoryEntry.ROOT) {
      throw CfbFault.malformed("The first directory entry is no root but of type " + type(0));
    }
    var seen = new BitSet();
    seen.set(0);
    return storage(entry(0), seen, 0);
  }

  private Storage storage(DirectoryEntry entry, BitSet seen, int depth) {
    if (entry.stream()) {
      return new Storage(entry, List.of());
    }
    if (depth > MAX_DEPTH) {
      throw CfbFault.malformed("Storages lie more than " + MAX_DEPTH + " deep in each other");
    }
    var children = new ArrayList<Storage>();
    var names = new TreeSet<>(Bytes::compareOctets); // no hashes: callers choose the names
    for (DirectoryEntry child : siblings(entry.child(), seen)) {
      if (!names.add(child.name())) {
        throw CfbFault.malformed(
            "Directory entry " + child.id() + " has the name of another beside it");
      }
      children.add(storage(child, seen, depth + 1));
    }
    return new Storage(entry, children);
  }

  /** In order, without recursion: a tree may be as deep as it has entries. */
  private List<DirectoryEntry> siblings(int top, BitSet seen) {
    var out = new ArrayList<DirectoryEntry>();
    Deque<DirectoryEntry> path = new ArrayDeque<>();
    int at = top;
    while (at != DirectoryEntry.NONE || !path.isEmpty()) {
      while (at != DirectoryEntry.NONE) {
        path.push(visit(at, seen));
        at = path.element().left();
      }
      DirectoryEntry entry = path.pop();
      out.add(entry);
      at = entry.right();
    }
    return out;
  }

  private DirectoryEntry visit(int id, BitSet seen) {
    if (id < 0 || id >= count()) {
      throw CfbFault.malformed(
          "The directory points to entry %s, but has %d"
              .formatted(Integer.toUnsignedString(id), count()));
    }
    if (seen.get(id)) {
      throw CfbFault.malformed("The directory runs in a circle at entry " + id);
    }
    seen.set(id);
    if (type(id) != DirectoryEntry.STORAGE && type(id) != DirectoryEntry.STREAM) {
      throw CfbFault.malformed(
          "Directory entry %d is of type %d, neither storage nor stream".formatted(id, type(id)));
    }
    return entry(id);
  }
}
