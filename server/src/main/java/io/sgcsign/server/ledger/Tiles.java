// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.MerkleTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tree's hashes as C2SP tlog-tiles: 256 hashes a tile. Level 0 is stored once it is full (until
 * then the events hold the hashes), higher levels grow with every tile below. One snapshot's life.
 */
final class Tiles implements MerkleTree.Subtrees {
  /** Levels of the tree in one level of tiles. */
  static final int HEIGHT = 8;

  /** Hashes in a full tile. */
  static final int WIDTH = 1 << HEIGHT;

  private final Snapshot snapshot;
  private final long size;
  private final Map<String, List<Bytes>> read = new HashMap<>();

  /** The tiles of the first {@code size} events. */
  Tiles(Snapshot snapshot, long size) {
    this.snapshot = snapshot;
    this.size = size;
  }

  /** How many hashes the tile has in a tree of this size. */
  long width(int level, long index) {
    long hashes = level * HEIGHT >= Long.SIZE ? 0 : size >> (level * HEIGHT);
    return Math.clamp(hashes - index * WIDTH, 0, WIDTH);
  }

  /** The hashes of a tile as far as this tree fills it. */
  List<Bytes> tile(int level, long index) {
    return read.computeIfAbsent(level + "/" + index, _ -> load(level, index));
  }

  private List<Bytes> load(int level, long index) {
    int width = (int) width(level, index);
    var stored = snapshot.tile(level, index).map(Tiles::split);
    if (stored.isEmpty() && level == 0) {
      stored = Optional.of(snapshot.leafHashes(index * WIDTH, index * WIDTH + width));
    }
    var hashes = stored.orElse(List.of());
    if (hashes.size() < width) {
      throw new StoreException("The tile " + level + "/" + index + " lacks hashes");
    }
    return hashes.subList(0, width);
  }

  @Override
  public Bytes root(int level, long index) {
    int tileLevel = level / HEIGHT;
    int height = level % HEIGHT;
    long first = index << height;
    var hashes = tile(tileLevel, first / WIDTH);
    int at = (int) (first % WIDTH);
    if (at + (1 << height) > hashes.size()) {
      throw new IllegalArgumentException("No subtree " + level + "/" + index + " in " + size);
    }
    return fold(hashes.subList(at, at + (1 << height)));
  }

  /** The root over a power of two of hashes. */
  static Bytes fold(List<Bytes> hashes) {
    var level = hashes;
    while (level.size() > 1) {
      var above = new ArrayList<Bytes>(level.size() / 2);
      for (int i = 0; i < level.size(); i += 2) {
        above.add(MerkleTree.nodeHash(level.get(i), level.get(i + 1)));
      }
      level = above;
    }
    return level.getFirst();
  }

  static List<Bytes> split(Bytes tile) {
    var hashes = new ArrayList<Bytes>(tile.size() / MerkleTree.HASH_SIZE);
    for (int at = 0; at + MerkleTree.HASH_SIZE <= tile.size(); at += MerkleTree.HASH_SIZE) {
      hashes.add(tile.slice(at, at + MerkleTree.HASH_SIZE));
    }
    return hashes;
  }

  static Bytes join(List<Bytes> hashes) {
    return Bytes.concat(hashes.toArray(Bytes[]::new));
  }

  /** Stores the tiles that became full while the log grew, and what they add above. */
  static void grow(StoreTransaction transaction, long before, long after) {
    for (long n = before / WIDTH; n < after / WIDTH; n++) {
      var full = transaction.leafHashes(n * WIDTH, (n + 1) * WIDTH);
      transaction.putTile(0, n, join(full));
      raise(transaction, 1, n, fold(full));
    }
  }

  private static void raise(StoreTransaction transaction, int level, long position, Bytes root) {
    long index = position / WIDTH;
    Bytes tile = Bytes.concat(transaction.tile(level, index).orElse(Bytes.EMPTY), root);
    transaction.putTile(level, index, tile);
    if (tile.size() == WIDTH * MerkleTree.HASH_SIZE) {
      raise(transaction, level + 1, index, fold(split(tile)));
    }
  }
}
