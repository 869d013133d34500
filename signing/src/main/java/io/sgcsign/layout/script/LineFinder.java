// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

/** Recognises one line while characters go by. Used by one thread. */
final class LineFinder {
  private static final int NO = -1;
  private final String line;
  private int matched;

  LineFinder(String line) {
    this.line = line;
  }

  /** Whether this line is another one, whatever follows. */
  boolean lost() {
    return matched == NO;
  }

  /** Takes a character that is no line feed. */
  void feed(int c) {
    if (matched == NO) {
      return;
    }
    if (matched < line.length() && c == line.charAt(matched)) {
      matched++;
    } else if (matched != line.length() || c != '\r') {
      matched = NO;
    }
  }

  /** Ends the line; true if it was the one. */
  boolean end() {
    boolean found = matched == line.length();
    matched = 0;
    return found;
  }
}
