// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.artifact;

import io.sgcsign.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * A new file as pieces: ranges of the original and literal bytes, in order. Small, whatever the
 * size of the file.
 */
public record Patch(List<Piece> pieces) {
  public Patch {
    pieces = List.copyOf(pieces);
  }

  /** A part of the output. */
  public sealed interface Piece {
    long length();

    /** {@code length} bytes of the original from {@code offset}. */
    record Range(long offset, long length) implements Piece {
      public Range {
        if (offset < 0 || length < 0) {
          throw new IllegalArgumentException("A range has no negative offset or length");
        }
      }
    }

    /** Bytes that the original does not have. */
    record Literal(Bytes bytes) implements Piece {
      @Override
      public long length() {
        return bytes.size();
      }
    }
  }

  public static Patch of(Piece... pieces) {
    return new Patch(List.of(pieces));
  }

  /** Size of the output in bytes. */
  public long size() {
    return pieces.stream().mapToLong(Piece::length).sum();
  }

  /** One patch that does this one first and {@code next} on its output. */
  public Patch then(Patch next) {
    var out = new ArrayList<Piece>();
    for (Piece piece : next.pieces) {
      switch (piece) {
        case Piece.Literal literal -> out.add(literal);
        case Piece.Range range -> cut(range, out);
      }
    }
    return new Patch(out);
  }

  private void cut(Piece.Range wanted, List<Piece> out) {
    long start = 0;
    long end = wanted.offset() + wanted.length();
    for (Piece piece : pieces) {
      long from = Math.max(wanted.offset(), start);
      long to = Math.min(end, start + piece.length());
      if (from < to) {
        out.add(part(piece, from - start, to - start));
      }
      start += piece.length();
    }
    if (end > start) {
      throw new IllegalArgumentException("The next patch reads past the end of this one");
    }
  }

  private static Piece part(Piece piece, long from, long to) {
    return switch (piece) {
      case Piece.Range range -> new Piece.Range(range.offset() + from, to - from);
      case Piece.Literal literal -> new Piece.Literal(literal.bytes().slice((int) from, (int) to));
    };
  }
}
