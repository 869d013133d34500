// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;

/** The first pass over a script: is it text, in UTF-8, and where is its signature. */
final class ScriptSurvey {
  static final long NONE = -1;

  private final TextEncoding encoding;
  private final LineFinder first;
  private final LineFinder last;

  /** What a further look is needed at; 0: nothing, which is looked at anyway. */
  private final int stop;

  private final Utf8 utf8 = new Utf8();
  private long at;
  private int held = -1;
  private int before;
  private long lineEnd;
  private int job;

  private long blockStart = NONE;
  private long blockEnd = NONE;
  private long jobEnd = NONE;
  private long badUtf8 = NONE;

  private ScriptSurvey(TextEncoding encoding, ScriptStyle style) {
    this.encoding = encoding;
    this.first = new LineFinder(style.first());
    this.last = new LineFinder(style.last());
    this.stop = style.inside() ? ScriptStyle.JOB_END.charAt(0) : 0;
    this.at = encoding.markSize();
    this.lineEnd = NONE;
  }

  /**
   * Reads the whole file.
   *
   * @param encoding of the mark; without one, UTF-8
   */
  static ScriptSurvey of(Artifact artifact, TextEncoding encoding, ScriptStyle style) {
    var survey = new ScriptSurvey(encoding, style);
    artifact.stream(encoding.markSize(), artifact.size(), survey::accept);
    survey.finish(artifact.size());
    return survey;
  }

  private void accept(byte[] buffer, int offset, int length) {
    int end = offset + length;
    for (int i = skip(buffer, offset, end); i < end; i = skip(buffer, i + 1, end)) {
      int octet = buffer[i] & 0xff;
      if (encoding.unit() == 1) {
        if (badUtf8 == NONE && utf8.feed(octet) == Utf8.INVALID) {
          badUtf8 = at;
        }
        character(octet);
      } else if (held < 0) {
        held = octet;
      } else {
        character(encoding.littleEndian() ? (octet << 8) | held : (held << 8) | octet);
        held = -1;
      }
    }
  }

  /** Passes over what changes nothing but the position. */
  private int skip(byte[] buffer, int from, int end) {
    if (held >= 0 || job > 0 || utf8.pending() || !first.lost() || !last.lost()) {
      return from;
    }
    int next =
        encoding.unit() == 1
            ? PlainText.skip(buffer, from, end, stop)
            : PlainText.skipUnits(buffer, from, end, stop, encoding.littleEndian());
    if (next > from) {
      at += next - from;
      before = 0; // what was passed over is no carriage return
    }
    return next;
  }

  /** Takes a code unit, or an octet: what is looked for is ASCII. */
  private void character(int c) {
    if (c == 0) {
      throw ScriptFault.encoding("There is a NUL character at offset " + at + ": this is no text");
    }
    if (c == '\n') {
      endLine(at + encoding.unit());
      lineEnd = before == '\r' ? at - encoding.unit() : at;
    } else {
      first.feed(c);
      last.feed(c);
      if (stop != 0) {
        job(c);
      }
    }
    before = c;
    at += encoding.unit();
  }

  private void job(int c) {
    String wanted = ScriptStyle.JOB_END;
    job = c == wanted.charAt(job) ? job + 1 : c == wanted.charAt(0) ? 1 : 0;
    if (job == wanted.length()) {
      jobEnd = at - (long) (wanted.length() - 1) * encoding.unit();
      job = 0;
    }
  }

  private void endLine(long end) {
    boolean begins = first.end();
    boolean ends = last.end();
    if (begins && blockStart == NONE) {
      if (lineEnd == NONE) {
        throw ScriptFault.block("A signature block begins where the script should");
      }
      blockStart = lineEnd;
    } else if (ends && blockStart != NONE && blockEnd == NONE) {
      blockEnd = end;
      // what goes with the block cannot tell how the text is encoded
      badUtf8 = badUtf8 >= blockStart ? NONE : badUtf8;
    }
  }

  private void finish(long size) {
    if (held >= 0) {
      throw ScriptFault.encoding("The text is UTF-16, but has an odd number of bytes");
    }
    endLine(size);
    if (utf8.pending() && badUtf8 == NONE) {
      badUtf8 = size;
    }
    if (blockStart != NONE && blockEnd == NONE) {
      throw ArtifactException.truncated(
          "The signature block that begins at offset " + blockStart + " has no end");
    }
  }

  /** Offset of the line end before the block, which belongs to it. */
  long blockStart() {
    return blockStart;
  }

  /** Offset behind the line end after the block. */
  long blockEnd() {
    return blockEnd;
  }

  /** Offset of the last {@code </job>}. */
  long jobEnd() {
    return jobEnd;
  }

  /** Offset of the first octet that is no UTF-8. */
  long badUtf8() {
    return badUtf8;
  }
}
