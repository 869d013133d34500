// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.apk;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The Merkle tree of fs-verity over a file (docs.kernel.org, "fs-verity", "Merkle tree"; no salt):
 * SHA-256 of its 4 KiB pages, of the pages of these digests, and so on up to one page.
 *
 * @param bytes the levels from the top down, each filled up with zeros to whole pages; 1/127 of the
 *     file
 */
public record VerityTree(Bytes bytes) {
  /** Binary logarithm of the bytes of a page. */
  public static final int LOG2_PAGE = 12;

  private static final int PAGE = 1 << LOG2_PAGE;
  private static final int DIGEST = 32;

  /** Bytes of the tree over a file of {@code size} bytes. */
  public static long size(long size) {
    return levels(size).stream().mapToLong(Long::longValue).sum();
  }

  /** Bytes of the levels, the top one first. */
  private static Deque<Long> levels(long size) {
    var levels = new ArrayDeque<Long>();
    for (long below = size; levels.isEmpty() || below > PAGE; below = levels.getFirst()) {
      levels.addFirst(pages(pages(below) * DIGEST) * PAGE);
    }
    return levels;
  }

  private static long pages(long size) {
    return Math.ceilDiv(size, PAGE);
  }

  /** Reads the whole file once. */
  public static VerityTree of(Artifact file) {
    Deque<Long> levels = levels(file.size());
    byte[] tree = new byte[Math.toIntExact(size(file.size()))];
    int length = Math.toIntExact(levels.removeLast());
    int at = tree.length - length;
    leaves(file, tree, at);
    while (!levels.isEmpty()) {
      int below = at;
      int end = at + length;
      length = Math.toIntExact(levels.removeLast());
      at -= length;
      MessageDigest sha = DigestAlgorithm.SHA256.newMessageDigest();
      for (int page = below, out = at; page < end; page += PAGE, out += DIGEST) {
        sha.update(tree, page, PAGE);
        finish(sha, tree, out);
      }
    }
    return new VerityTree(Bytes.wrap(tree));
  }

  private static void leaves(Artifact file, byte[] tree, int start) {
    MessageDigest sha = DigestAlgorithm.SHA256.newMessageDigest();
    byte[] step = new byte[Artifact.STEP];
    int out = start;
    for (long at = 0; at < file.size(); at += step.length) {
      int some = (int) Math.min(step.length, file.size() - at);
      file.read(at, step, 0, some);
      int filled = (int) pages(some) * PAGE;
      Arrays.fill(step, some, filled, (byte) 0);
      for (int page = 0; page < filled; page += PAGE, out += DIGEST) {
        sha.update(step, page, PAGE);
        finish(sha, tree, out);
      }
    }
  }

  private static void finish(MessageDigest sha, byte[] target, int at) {
    try {
      var _ = sha.digest(target, at, DIGEST);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
  }

  /** Digest of the top page. */
  public Bytes root() {
    return Digest.sha256(bytes.slice(0, PAGE)).value();
  }
}
