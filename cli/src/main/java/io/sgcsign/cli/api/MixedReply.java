// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a body of several files (multipart/mixed, RFC 2046 §5.1.3) as our server sends it: every
 * part tells its length. Parts are read in order, each to its end. Used by one thread.
 */
public final class MixedReply {
  /** Characters of a line of a part's header. */
  private static final int MAX_LINE = 8 * 1024;

  /** Lines of a part's header; ours have three. */
  private static final int MAX_LINES = 32;

  private static final int STEP = 64 * 1024;
  private static final Pattern TYPE =
      Pattern.compile("(?i)multipart/mixed\\s*;\\s*boundary=\"?([^\";\\s]{1,70})\"?\\s*");

  private final String delimiter;
  private final InputStream in;
  private final Function<String, RuntimeException> notOurs;

  private MixedReply(String boundary, InputStream in, Function<String, RuntimeException> notOurs) {
    this.delimiter = "--" + boundary;
    this.in = new BufferedInputStream(in);
    this.notOurs = notOurs;
  }

  /** The parts of {@code reply}; empty: it has none. */
  public static Optional<MixedReply> of(Reply reply, Function<String, RuntimeException> notOurs) {
    Matcher type = TYPE.matcher(reply.header("Content-Type").orElse(""));
    return type.matches()
        ? Optional.of(new MixedReply(type.group(1), reply.body(), notOurs))
        : Optional.empty();
  }

  /** Copies the next part to {@code out}. */
  public void next(OutputStream out) throws IOException {
    String first = line();
    if (first.isEmpty()) {
      first = line(); // the line end before a delimiter is the delimiter's
    }
    if (!first.equals(delimiter)) {
      throw notOurs.apply("a part is missing in its answer");
    }
    long left = length();
    byte[] step = new byte[STEP];
    while (left > 0) {
      int n = in.read(step, 0, (int) Math.min(step.length, left));
      if (n < 0) {
        throw new EOFException("The answer ended " + left + " bytes before the end of a part");
      }
      out.write(step, 0, n);
      left -= n;
    }
  }

  /** Insists that there is no more. */
  public void end() throws IOException {
    if (!line().isEmpty() || !line().equals(delimiter + "--")) {
      throw notOurs.apply("its answer has more parts than were asked for");
    }
  }

  private long length() throws IOException {
    long length = -1;
    for (int lines = 0; lines < MAX_LINES; lines++) {
      String line = line();
      if (line.isEmpty() && length >= 0) {
        return length;
      }
      if (line.isEmpty()) {
        break;
      }
      if (line.toLowerCase(Locale.ROOT).matches("content-length: *[0-9]{1,18}")) {
        length = Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    throw notOurs.apply("a part of its answer does not tell its length");
  }

  private String line() throws IOException {
    var text = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("The answer ended inside a line");
      }
      if (text.length() >= MAX_LINE) {
        throw notOurs.apply("a line of its answer is too long");
      }
      text.append((char) c);
    }
    return text.toString().endsWith("\r") ? text.substring(0, text.length() - 1) : text.toString();
  }
}
