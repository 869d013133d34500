// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds every tile from the leaves again and compares it with the stored one. */
final class TileCheck {
  private final Snapshot snapshot;
  private final List<List<Bytes>> open = new ArrayList<>();
  private final List<Long> full = new ArrayList<>();
  private boolean sealed;

  TileCheck(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Takes what must hold, and what is wrong otherwise. */
  interface Requirement {
    void require(boolean holds, String otherwise);
  }

  void add(Bytes leafHash, Requirement requirement) {
    add(0, leafHash, requirement);
  }

  private void add(int level, Bytes hash, Requirement requirement) {
    if (open.size() == level) {
      open.add(new ArrayList<>());
      full.add(0L);
    }
    var tile = open.get(level);
    tile.add(hash);
    if (tile.size() == Tiles.WIDTH) {
      compare(level, requirement);
      Bytes root = Tiles.fold(tile);
      tile.clear();
      full.set(level, full.get(level) + 1);
      add(level + 1, root, requirement);
    }
  }

  private void compare(int level, Requirement requirement) {
    var expected = Optional.of(Tiles.join(open.get(level)));
    long index = full.get(level);
    requirement.require(
        snapshot.tile(level, index).equals(expected),
        "the tile " + level + "/" + index + " does not match its events");
  }

  /** All leaves are in: compares the tiles that are not full. */
  void finish(Requirement requirement) {
    for (int level = 1; level < open.size(); level++) {
      if (!open.get(level).isEmpty()) {
        compare(level, requirement);
      }
    }
    sealed = true;
  }

  /** Whether {@link #finish} found everything in order. */
  boolean sealed() {
    return sealed;
  }

  /** Whether this log has a stored tile there. */
  boolean expects(int level, long index) {
    if (level < 0 || level >= open.size() || index < 0) {
      return false;
    }
    boolean partial = level > 0 && !open.get(level).isEmpty() && index == full.get(level);
    return index < full.get(level) || partial;
  }
}
