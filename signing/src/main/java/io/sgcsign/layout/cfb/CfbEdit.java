// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import java.util.Optional;

/**
 * A change of streams in the root storage. What is added grows the file at its end, so no other
 * stream moves. What is removed is wiped and cut off where it is the end; if it was added here, and
 * the tree of names had room for a leaf, that gives back the very file from before. Otherwise the
 * tree is balanced anew and holes in the middle stay, filled with zeros.
 */
public final class CfbEdit {
  private final CompoundFile before;
  private final SectorEdit sectors;
  private final MiniEdit mini;
  private final DirectoryEdit directory;

  CfbEdit(CompoundFile before, SectorReader reader) {
    this.before = before;
    this.sectors = new SectorEdit(before.header(), reader, before.fat());
    this.mini = new MiniEdit(sectors, before.mini());
    this.directory = new DirectoryEdit(sectors, before.directory(), before.root());
  }

  /** Takes off a stream that the file had before, if it had it. */
  public CfbEdit remove(Bytes name) {
    Optional<DirectoryEntry> found = before.find(name);
    if (found.isEmpty()) {
      return this;
    }
    DirectoryEntry entry = found.get();
    if (entry.size() > 0 && entry.mini()) {
      mini.free(entry.start());
      directory.root(mini.start(), mini.size());
    } else if (entry.size() > 0) {
      sectors.freeChain(entry.start());
    }
    directory.remove(entry.id());
    sectors.trim();
    return this;
  }

  /**
   * Adds a stream.
   *
   * @param name one that no stream has, in UTF-16LE
   */
  public CfbEdit add(Bytes name, Bytes content) {
    if (content.size() < Geometry.MINI_CUTOFF) {
      int start = mini.write(content);
      directory.root(mini.start(), mini.size());
      directory.add(name, start, content.size());
    } else {
      directory.add(name, sectors.write(content), content.size());
    }
    return this;
  }

  public Patch patch() {
    return sectors.patch();
  }
}
