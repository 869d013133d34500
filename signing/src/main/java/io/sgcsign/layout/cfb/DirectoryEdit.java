// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;

/**
 * The directory of a file that changes, and the tree of the root storage's children (MS-CFB 2.6.4):
 * a red-black tree, or one all black. A new entry becomes a red leaf where that keeps the rules, so
 * that taking it away restores the very bytes; otherwise the tree is built anew, balanced.
 */
final class DirectoryEdit {
  private static final byte RED = 0;
  private static final byte BLACK = 1;
  private static final Comparator<DirectoryEntry> ORDER =
      (a, b) -> DirectoryEntry.compareNames(a.name(), b.name());

  private final SectorEdit sectors;
  private final Geometry geometry;
  private final List<Integer> where;

  /** The root's children, in the order of the tree at first, sorted after a change. */
  private final List<DirectoryEntry> children;

  DirectoryEdit(SectorEdit sectors, Directory before, Storage root) {
    this.sectors = sectors;
    this.geometry = sectors.geometry();
    this.where = new ArrayList<>(before.sectors());
    this.children = new ArrayList<>(root.children().stream().map(Storage::entry).toList());
  }

  private int at(int id) {
    return id % geometry.entriesPerSector() * DirectoryEntry.SIZE;
  }

  private int get(int id, int field) {
    return sectors.view(where.get(id / geometry.entriesPerSector())).getInt(at(id) + field);
  }

  private void put(int id, int field, int value) {
    open(id).putInt(at(id) + field, value);
  }

  private ByteBuffer open(int id) {
    return sectors.open(where.get(id / geometry.entriesPerSector()));
  }

  private byte type(int id) {
    return sectors
        .view(where.get(id / geometry.entriesPerSector()))
        .get(at(id) + DirectoryEntry.TYPE_AT);
  }

  private boolean red(int id) {
    int colour =
        sectors
            .view(where.get(id / geometry.entriesPerSector()))
            .get(at(id) + DirectoryEntry.COLOUR_AT);
    return colour == RED;
  }

  private void paint(int id, byte colour) {
    open(id).put(at(id) + DirectoryEntry.COLOUR_AT, colour);
  }

  /** Where the mini stream now is. */
  void root(int start, long size) {
    put(0, DirectoryEntry.START_AT, start);
    put(0, DirectoryEntry.SIZE_AT, (int) size);
  }

  /** Adds a stream to the root storage. */
  void add(Bytes name, int start, long size) {
    for (DirectoryEntry child : children) {
      if (DirectoryEntry.compareNames(child.name(), name) == 0) {
        throw CfbFault.malformed(
            "Directory entry %d already has the name a new stream needs".formatted(child.id()));
      }
    }
    int id = unused();
    byte[] raw = DirectoryEntry.newStream(name, start, size);
    open(id).put(at(id), raw);
    boolean hung = sorted() && hang(id, name);
    children.add(new DirectoryEntry(id, Bytes.of(raw), size));
    children.sort(ORDER);
    if (!hung) {
      build();
    }
  }

  /** Whether a reader that searches the tree finds everybody. */
  private boolean sorted() {
    for (int i = 1; i < children.size(); i++) {
      if (ORDER.compare(children.get(i - 1), children.get(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Hangs a red leaf under a black parent; there is none if the parent is red or missing. */
  private boolean hang(int id, Bytes name) {
    var names = new HashMap<Integer, Bytes>(); // a tree may be as deep as it has entries
    children.forEach(c -> names.put(c.id(), c.name()));
    int parent = DirectoryEntry.NONE;
    int field = DirectoryEntry.CHILD_AT;
    for (int at = get(0, field); at != DirectoryEntry.NONE; at = get(at, field)) {
      parent = at;
      field =
          DirectoryEntry.compareNames(name, Objects.requireNonNull(names.get(at))) < 0
              ? DirectoryEntry.LEFT_AT
              : DirectoryEntry.RIGHT_AT;
    }
    if (parent == DirectoryEntry.NONE || red(parent)) {
      return false;
    }
    put(parent, field, id);
    paint(id, RED);
    return true;
  }

  /** Takes a stream's entry away; its content is freed by the caller. */
  void remove(int id) {
    boolean leaf =
        red(id)
            && get(id, DirectoryEntry.LEFT_AT) == DirectoryEntry.NONE
            && get(id, DirectoryEntry.RIGHT_AT) == DirectoryEntry.NONE;
    children.removeIf(c -> c.id() == id);
    if (!leaf || !unhang(id)) {
      children.sort(ORDER);
      build();
    }
    open(id).put(at(id), DirectoryEntry.unused());
    dropUnused(id);
  }

  private boolean unhang(int id) {
    for (DirectoryEntry entry : children) {
      for (int field : List.of(DirectoryEntry.LEFT_AT, DirectoryEntry.RIGHT_AT)) {
        if (get(entry.id(), field) == id) {
          put(entry.id(), field, DirectoryEntry.NONE);
          return true;
        }
      }
    }
    return false; // the only child
  }

  /** Builds the tree anew from the sorted children: only the last level, if not full, is red. */
  private void build() {
    int last = 31 - Integer.numberOfLeadingZeros(children.size() + 1);
    put(0, DirectoryEntry.CHILD_AT, build(0, children.size(), 0, last));
  }

  private int build(int from, int to, int level, int redLevel) {
    if (from == to) {
      return DirectoryEntry.NONE;
    }
    int middle = (from + to) >>> 1;
    int id = children.get(middle).id();
    put(id, DirectoryEntry.LEFT_AT, build(from, middle, level + 1, redLevel));
    put(id, DirectoryEntry.RIGHT_AT, build(middle + 1, to, level + 1, redLevel));
    paint(id, level == redLevel ? RED : BLACK);
    return id;
  }

  private int unused() {
    int count = where.size() * geometry.entriesPerSector();
    for (int id = 1; id < count; id++) {
      if (type(id) == DirectoryEntry.UNUSED) {
        return id;
      }
    }
    int sector = sectors.append((byte) 0);
    sectors.link(where.getLast(), sector);
    where.add(sector);
    for (int id = count; id < count + geometry.entriesPerSector(); id++) {
      open(id).put(at(id), DirectoryEntry.unused());
    }
    tell();
    return count;
  }

  /** Cuts the sector with {@code id} off if it is the last and all unused. */
  private void dropUnused(int id) {
    int index = id / geometry.entriesPerSector();
    if (index == 0 || index != where.size() - 1) {
      return;
    }
    int first = index * geometry.entriesPerSector();
    for (int i = first; i < first + geometry.entriesPerSector(); i++) {
      if (type(i) != DirectoryEntry.UNUSED) {
        return;
      }
    }
    sectors.free(where.removeLast());
    sectors.link(where.getLast(), Geometry.END_OF_CHAIN);
    tell();
  }

  /** Version 3 has no count of directory sectors (MS-CFB 2.2). */
  private void tell() {
    if (geometry.version() == 4) {
      sectors.header(CfbHeader.DIRECTORY_SECTORS_AT, where.size());
    }
  }
}
