// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.ArrayList;
import java.util.List;

/** The Merkle tree of RFC 6962 §2.1 over SHA-256: hashes, roots and proofs. */
public final class MerkleTree {
  /** The root of the tree without leaves: the hash of nothing. */
  public static final Bytes EMPTY_ROOT =
      Bytes.wrap(DigestAlgorithm.SHA256.newMessageDigest().digest());

  /** Bytes of every hash in the tree. */
  public static final int HASH_SIZE = 32;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private MerkleTree() {}

  /** Where the hashes of complete subtrees come from. */
  @FunctionalInterface
  public interface Subtrees {
    /** The root of the 2^{@code level} leaves that begin at leaf {@code index · 2^level}. */
    Bytes root(int level, long index);
  }

  /** {@code SHA-256(0x00 ‖ entry)}. */
  public static Bytes leafHash(Bytes entry) {
    var sha = DigestAlgorithm.SHA256.newMessageDigest();
    sha.update(LEAF);
    sha.update(entry.asBuffer());
    return Bytes.wrap(sha.digest());
  }

  /** {@code SHA-256(0x01 ‖ left ‖ right)}. */
  public static Bytes nodeHash(Bytes left, Bytes right) {
    var sha = DigestAlgorithm.SHA256.newMessageDigest();
    sha.update(NODE);
    sha.update(left.asBuffer());
    sha.update(right.asBuffer());
    return Bytes.wrap(sha.digest());
  }

  /** The root of the first {@code size} leaves. */
  public static Bytes root(long size, Subtrees subtrees) {
    return size == 0 ? EMPTY_ROOT : range(0, size, subtrees);
  }

  /** The path from leaf {@code index} to the root of the first {@code size} leaves. */
  public static List<Bytes> inclusionProof(long index, long size, Subtrees subtrees) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("No leaf " + index + " in a tree of " + size);
    }
    var path = new ArrayList<Bytes>();
    inclusion(index, 0, size, subtrees, path);
    return List.copyOf(path);
  }

  /** The proof that the first {@code size} leaves begin with the first {@code earlier} leaves. */
  public static List<Bytes> consistencyProof(long earlier, long size, Subtrees subtrees) {
    if (earlier < 0 || earlier > size) {
      throw new IllegalArgumentException("A tree of " + size + " has no prefix of " + earlier);
    }
    var path = new ArrayList<Bytes>();
    if (earlier > 0 && earlier < size) {
      consistency(earlier, 0, size, true, subtrees, path);
    }
    return List.copyOf(path);
  }

  /** RFC 9162 §2.1.3.2. */
  public static boolean verifyInclusion(
      Bytes leafHash, long index, long size, List<Bytes> path, Bytes root) {
    if (index < 0 || index >= size) {
      return false;
    }
    var walk = new Walk(index, size - 1);
    Bytes hash = leafHash;
    for (Bytes sibling : path) {
      if (walk.atRoot()) {
        return false;
      }
      hash = walk.siblingIsLeft() ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
      walk.up();
    }
    return walk.atRoot() && hash.equals(root);
  }

  /** RFC 9162 §2.1.4.2. */
  public static boolean verifyConsistency(
      long earlier, Bytes earlierRoot, long size, Bytes root, List<Bytes> path) {
    if (earlier < 0 || earlier > size) {
      return false;
    }
    if (earlier == size || earlier == 0) {
      Bytes known = earlier == size ? root : EMPTY_ROOT;
      return path.isEmpty() && earlierRoot.equals(known);
    }
    var hashes = new ArrayList<>(path);
    if (Long.bitCount(earlier) == 1) {
      hashes.addFirst(earlierRoot);
    }
    return !hashes.isEmpty() && foldConsistency(earlier, earlierRoot, size, root, hashes);
  }

  private static boolean foldConsistency(
      long earlier, Bytes earlierRoot, long size, Bytes root, List<Bytes> hashes) {
    var walk = new Walk(earlier - 1, size - 1);
    walk.skipRightEdges();
    Bytes before = hashes.getFirst();
    Bytes now = before;
    for (Bytes sibling : hashes.subList(1, hashes.size())) {
      if (walk.atRoot()) {
        return false;
      }
      if (walk.siblingIsLeft()) {
        before = nodeHash(sibling, before);
        now = nodeHash(sibling, now);
      } else {
        now = nodeHash(now, sibling);
      }
      walk.up();
    }
    return walk.atRoot() && before.equals(earlierRoot) && now.equals(root);
  }

  /** The largest power of two below {@code n}: where RFC 6962 splits n > 1 leaves. */
  private static long split(long n) {
    return Long.highestOneBit(n - 1);
  }

  private static Bytes range(long from, long to, Subtrees subtrees) {
    long n = to - from;
    if (Long.bitCount(n) == 1 && from % n == 0) {
      return subtrees.root(Long.numberOfTrailingZeros(n), from / n);
    }
    long k = split(n);
    return nodeHash(range(from, from + k, subtrees), range(from + k, to, subtrees));
  }

  private static void inclusion(
      long index, long from, long to, Subtrees subtrees, List<Bytes> path) {
    if (to - from <= 1) {
      return;
    }
    long middle = from + split(to - from);
    if (index < middle) {
      inclusion(index, from, middle, subtrees, path);
      path.add(range(middle, to, subtrees));
    } else {
      inclusion(index, middle, to, subtrees, path);
      path.add(range(from, middle, subtrees));
    }
  }

  /** RFC 6962 §2.1.2 SUBPROOF; {@code whole}: the verifier knows this subtree's root already. */
  private static void consistency(
      long earlier, long from, long to, boolean whole, Subtrees subtrees, List<Bytes> path) {
    if (earlier == to) {
      if (!whole) {
        path.add(range(from, to, subtrees));
      }
      return;
    }
    long middle = from + split(to - from);
    if (earlier <= middle) {
      consistency(earlier, from, middle, whole, subtrees, path);
      path.add(range(middle, to, subtrees));
    } else {
      consistency(earlier, middle, to, false, subtrees, path);
      path.add(range(from, middle, subtrees));
    }
  }

  /** The climb of RFC 9162's verifiers: {@code node} and the last node of the same level. */
  private static final class Walk {
    private long node;
    private long last;

    Walk(long node, long last) {
      this.node = node;
      this.last = last;
    }

    boolean atRoot() {
      return last == 0;
    }

    boolean siblingIsLeft() {
      return (node & 1) == 1 || node == last;
    }

    void up() {
      if ((node & 1) == 0 && node == last) {
        while ((node & 1) == 0 && node != 0) {
          shift();
        }
      }
      shift();
    }

    void skipRightEdges() {
      while ((node & 1) == 1) {
        shift();
      }
    }

    private void shift() {
      node >>= 1;
      last >>= 1;
    }
  }
}
