// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.appx;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds the content of one file against what the block map says of it. Used once. */
final class BlockCheck {
  private final BlockMap.Blocks blocks;
  private final MessageDigest state;
  private final List<Bytes> found = new ArrayList<>();
  private int filled;

  private BlockCheck(BlockMap map, BlockMap.Blocks blocks) {
    this.blocks = blocks;
    this.state = map.algorithm().newMessageDigest();
  }

  /** What is wrong; empty: nothing is. */
  static Optional<String> fault(ZipFile zip, ZipEntry entry, BlockMap map, BlockMap.Blocks blocks) {
    long header = entry.dataAt() - entry.headerAt();
    if (blocks.header() >= 0 && blocks.header() != header) {
      return Optional.of(
          "The block map says that the header of %s has %d bytes; it has %d"
              .formatted(blocks.name(), blocks.header(), header));
    }
    if (blocks.compressed() > entry.compressed()) {
      return Optional.of(
          "The block map says that %s has %d compressed bytes; it has %d"
              .formatted(blocks.name(), blocks.compressed(), entry.compressed()));
    }
    var check = new BlockCheck(map, blocks);
    try {
      zip.stream(entry, check::accept);
    } catch (ArtifactException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    return check.end();
  }

  private void accept(byte[] buffer, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int step = Math.min(end - at, BlockMap.BLOCK - filled);
      state.update(buffer, at, step);
      filled += step;
      at += step;
      if (filled == BlockMap.BLOCK) {
        close();
      }
    }
  }

  private void close() {
    found.add(Bytes.wrap(state.digest()));
    filled = 0;
  }

  private Optional<String> end() {
    if (filled > 0) {
      close();
    }
    for (int i = 0; i < found.size(); i++) {
      if (!found.get(i).equals(blocks.digests().get(i))) {
        return Optional.of(
            "Block %d of %s is not what the block map says".formatted(i, blocks.name()));
      }
    }
    return Optional.empty();
  }
}
