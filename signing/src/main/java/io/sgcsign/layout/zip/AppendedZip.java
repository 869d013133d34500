// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.artifact.Patch.Piece;
import java.util.Optional;

/**
 * An archive behind something else, as in programs that unpack themselves. Its offsets count from
 * its own beginning or from the file's: tools differ, and readers work it out from where the end of
 * the central directory is.
 */
public final class AppendedZip {
  private static final long END_SIGNATURE = 0x06054b50L;
  private static final int COMMENT_LENGTH = 20;
  private static final int MAX_COMMENT = 0xffff;

  /** Bytes that may stand behind it: whoever signs a program pads it with up to 7 zeros. */
  private static final int PADDING = 7;

  private AppendedZip() {}

  /**
   * Finds the archive that ends a file.
   *
   * @param end where the file ends, for this purpose
   * @return the archive alone if its offsets count from its beginning, else with all before it;
   *     whether it is sound has still to be seen
   */
  public static Optional<Artifact> find(Artifact artifact, long end) {
    int length = (int) Math.min(end, ZipEnd.SIZE + MAX_COMMENT + PADDING);
    Fields tail = new Fields(artifact.read(end - length, length));
    for (int i = length - ZipEnd.SIZE; i >= 0; i--) {
      if (tail.data().at(i) == 'P' && tail.u32(i) == END_SIGNATURE && ends(tail, i)) {
        long at = end - length + i;
        long to = at + ZipEnd.SIZE + tail.u16(i + COMMENT_LENGTH);
        long from = Math.max(0, at - tail.u32(i + 12) - tail.u32(i + 16));
        return Optional.of(artifact.with(Patch.of(new Piece.Range(from, to - from))));
      }
    }
    return Optional.empty();
  }

  /** Whether the record with its comment ends the file, but for zeros. */
  private static boolean ends(Fields tail, int record) {
    int behind = record + ZipEnd.SIZE + tail.u16(record + COMMENT_LENGTH);
    int left = tail.data().size() - behind;
    if (left < 0 || left > PADDING) {
      return false;
    }
    for (int i = behind; i < tail.data().size(); i++) {
      if (tail.data().at(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
