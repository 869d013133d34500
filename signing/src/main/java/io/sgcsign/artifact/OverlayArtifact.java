// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.artifact;

import io.sgcsign.artifact.Patch.Piece;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;

/** A patch applied on the fly. */
final class OverlayArtifact implements Artifact {
  private final Artifact base;
  private final List<Piece> pieces;
  private final long[] starts;
  private final long size;

  OverlayArtifact(Artifact base, Patch patch) {
    this.base = base;
    this.pieces = patch.pieces();
    this.starts = new long[pieces.size()];
    long at = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = at;
      at += pieces.get(i).length();
    }
    this.size = at;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) {
    requireInside(position, length);
    int index = indexAt(position);
    long at = position;
    int done = 0;
    while (done < length) {
      Piece piece = pieces.get(index);
      long inside = at - starts[index];
      int step = (int) Math.min(length - done, piece.length() - inside);
      switch (piece) {
        case Piece.Range range -> base.read(range.offset() + inside, target, offset + done, step);
        case Piece.Literal literal ->
            literal.bytes().copyTo((int) inside, target, offset + done, step);
      }
      done += step;
      at += step;
      index++;
    }
  }

  @Override
  public void copyTo(long position, long length, FileChannel out) throws IOException {
    requireInside(position, length);
    int index = indexAt(position);
    for (long done = 0; done < length; index++) {
      Piece piece = pieces.get(index);
      long inside = position + done - starts[index];
      long step = Math.min(length - done, piece.length() - inside);
      switch (piece) {
        case Piece.Range range -> base.copyTo(range.offset() + inside, step, out);
        case Piece.Literal literal -> Artifact.of(literal.bytes()).copyTo(inside, step, out);
      }
      done += step;
    }
  }

  private void requireInside(long position, long length) {
    if (position < 0 || position > size - length) {
      throw Artifact.truncated(position, length, size);
    }
  }

  private int indexAt(long position) {
    int low = 0;
    int high = starts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  @Override
  public void close() {
    base.close();
  }
}
