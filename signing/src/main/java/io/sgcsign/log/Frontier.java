// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a growing tree: its size and the roots of its complete subtrees, the largest
 * first. Enough to append and to know the root, in O(log n) memory. Not thread-safe.
 */
public final class Frontier {
  private long size;
  private final List<Bytes> roots;

  private Frontier(long size, List<Bytes> roots) {
    this.size = size;
    this.roots = roots;
  }

  public static Frontier empty() {
    return new Frontier(0, new ArrayList<>());
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws ProofException if the length does not fit the size
   */
  public static Frontier parse(Bytes bytes) {
    if (bytes.size() < Long.BYTES) {
      throw new ProofException("A frontier has at least " + Long.BYTES + " bytes");
    }
    long size = bytes.asBuffer().getLong();
    int expected = Long.BYTES + Long.bitCount(size) * MerkleTree.HASH_SIZE;
    if (size < 0 || bytes.size() != expected) {
      throw new ProofException("The frontier of " + size + " leaves has " + expected + " bytes");
    }
    var roots = new ArrayList<Bytes>();
    for (int at = Long.BYTES; at < expected; at += MerkleTree.HASH_SIZE) {
      roots.add(bytes.slice(at, at + MerkleTree.HASH_SIZE));
    }
    return new Frontier(size, roots);
  }

  public Frontier copy() {
    return new Frontier(size, new ArrayList<>(roots));
  }

  public long size() {
    return size;
  }

  public void add(Bytes leafHash) {
    Bytes hash = leafHash;
    for (long rest = size; (rest & 1) == 1; rest >>= 1) {
      hash = MerkleTree.nodeHash(roots.removeLast(), hash);
    }
    roots.add(hash);
    size++;
  }

  public Bytes root() {
    if (roots.isEmpty()) {
      return MerkleTree.EMPTY_ROOT;
    }
    Bytes hash = roots.getLast();
    for (int i = roots.size() - 2; i >= 0; i--) {
      hash = MerkleTree.nodeHash(roots.get(i), hash);
    }
    return hash;
  }

  /** The size in eight bytes, then the roots. */
  public Bytes toBytes() {
    var out = ByteBuffer.allocate(Long.BYTES + roots.size() * MerkleTree.HASH_SIZE).putLong(size);
    roots.forEach(r -> out.put(r.asBuffer()));
    return Bytes.wrap(out.array());
  }
}
