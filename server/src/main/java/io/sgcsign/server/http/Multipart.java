// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.wire.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a multipart/form-data body (RFC 7578, RFC 2046 §5.1) part by part without keeping it. Parts
 * must be read in order; {@link #next} skips the rest of the one before.
 */
final class Multipart {
  /** Bytes of one part's header; ours have two lines. */
  private static final int MAX_HEADER = 8 * 1024;

  /** Parts in one body: a file, its fields and labels. */
  private static final int MAX_PARTS = 128;

  /** RFC 2046 §5.1.1. */
  private static final int MAX_BOUNDARY = 70;

  private static final Pattern BOUNDARY =
      Pattern.compile(
          "(?i)multipart/form-data\\s*;(?:.*;)?\\s*boundary=(?:\"([^\"]+)\"|([^;\\s\"]+)).*");
  private static final Pattern NAME = Pattern.compile("(?i)(?:^|[;\\s])name=\"([^\"]*)\"");

  /** Possessive, or a long name would take a stack as deep as it is long. */
  private static final Pattern FILE_NAME =
      Pattern.compile("(?i)(?:^|[;\\s])filename=\"((?:[^\"\\\\]|\\\\.)*+)\"");

  private final InputStream in;
  private final byte[] delimiter;
  private final int[] skip = new int[256];
  private final byte[] buffer;
  private int start;
  private int end;
  private boolean ended;
  private int parts;
  private boolean inPart;

  private Multipart(InputStream in, String boundary) {
    this.in = in;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    this.buffer = new byte[64 * 1024];
    Arrays.fill(skip, delimiter.length);
    for (int i = 0; i < delimiter.length - 1; i++) {
      skip[delimiter[i] & 0xff] = delimiter.length - 1 - i;
    }
    // the first delimiter stands without its line end: give it one
    buffer[0] = '\r';
    buffer[1] = '\n';
    end = 2;
    inPart = true;
  }

  /** A part's header; its content is read from {@link #content}. */
  record Part(String name, Optional<String> fileName) {}

  static Multipart open(String contentType, InputStream in) {
    Matcher matcher = BOUNDARY.matcher(contentType);
    if (!matcher.matches()) {
      throw ProblemException.of(
          Code.MEDIA_TYPE_UNSUPPORTED,
          "Content-Type is \"" + contentType + "\", not multipart/form-data with a boundary",
          "With curl use -F file=@app.exe -F provider=….");
    }
    String boundary = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    if (boundary.length() > MAX_BOUNDARY) {
      throw malformed("the boundary is longer than " + MAX_BOUNDARY + " characters");
    }
    return new Multipart(in, boundary);
  }

  /** The next part, or empty after the last one. */
  Optional<Part> next() throws IOException {
    while (inPart) {
      int n = contentBytes();
      if (n < 0) {
        closePart();
      } else {
        start += n;
      }
    }
    if (ended) {
      return Optional.empty();
    }
    if (++parts > MAX_PARTS) {
      throw malformed("more than " + MAX_PARTS + " parts");
    }
    Part part = header();
    inPart = true;
    return Optional.of(part);
  }

  /** The content of the part {@link #next} returned. */
  InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        int n = inPart ? contentBytes() : -1;
        if (n < 0) {
          if (inPart) {
            closePart();
          }
          return -1;
        }
        int step = Math.min(n, length);
        System.arraycopy(buffer, start, target, offset, step);
        start += step;
        return step;
      }
    };
  }

  /**
   * Content bytes at {@link #start} known to be before the next delimiter; -1 if it stands there.
   */
  private int contentBytes() throws IOException {
    while (true) {
      int at = find();
      if (at == start) {
        return -1;
      }
      if (at > start) {
        return at - start;
      }
      int safe = end - start - delimiter.length + 1;
      if (safe > 0) {
        return safe;
      }
      if (!fill()) {
        throw malformed("the body ends inside a part");
      }
    }
  }

  /** Horspool's search; -1 if the delimiter is not wholly in the buffer. */
  private int find() {
    int last = delimiter.length - 1;
    int at = start;
    while (at + last < end) {
      int i = last;
      while (i >= 0 && buffer[at + i] == delimiter[i]) {
        i--;
      }
      if (i < 0) {
        return at;
      }
      at += skip[buffer[at + last] & 0xff];
    }
    return -1;
  }

  private boolean fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    int n = in.read(buffer, end, buffer.length - end);
    if (n < 0) {
      return false;
    }
    end += n;
    return true;
  }

  private void closePart() throws IOException {
    start += delimiter.length;
    inPart = false;
    need(2);
    if (buffer[start] == '-' && buffer[start + 1] == '-') {
      ended = true;
      return;
    }
    while (end - start >= 1 && (buffer[start] == ' ' || buffer[start] == '\t')) {
      start++;
      need(2);
    }
    if (buffer[start] != '\r' || buffer[start + 1] != '\n') {
      throw malformed("a boundary is not followed by a line end");
    }
    start += 2;
  }

  private void need(int bytes) throws IOException {
    while (end - start < bytes) {
      if (!fill()) {
        throw malformed("the body ends inside a boundary");
      }
    }
  }

  private Part header() throws IOException {
    var text = new StringBuilder();
    while (true) {
      String line = line();
      if (line.isEmpty()) {
        break;
      }
      text.append(line).append('\n');
      if (text.length() > MAX_HEADER) {
        throw malformed("the header of a part is longer than " + MAX_HEADER + " bytes");
      }
    }
    return text.toString()
        .lines()
        .filter(l -> l.toLowerCase(Locale.ROOT).startsWith("content-disposition:"))
        .findFirst()
        .map(Multipart::disposition)
        .orElseThrow(() -> malformed("a part has no Content-Disposition"));
  }

  private static Part disposition(String line) {
    Matcher name = NAME.matcher(line);
    if (!name.find() || name.group(1).isEmpty()) {
      throw malformed("a part has no name");
    }
    Matcher file = FILE_NAME.matcher(line);
    return new Part(
        name.group(1),
        file.find() ? Optional.of(file.group(1).replaceAll("\\\\(.)", "$1")) : Optional.empty());
  }

  private String line() throws IOException {
    for (int length = 0; ; length++) {
      need(length + 2);
      if (buffer[start + length] == '\r' && buffer[start + length + 1] == '\n') {
        String line = new String(buffer, start, length, StandardCharsets.UTF_8);
        start += length + 2;
        return line;
      }
      if (length > MAX_HEADER) {
        throw malformed("a header line is longer than " + MAX_HEADER + " bytes");
      }
    }
  }

  private static ProblemException malformed(String what) {
    return ProblemException.of(
        Code.REQUEST_MALFORMED,
        "The multipart body cannot be read: " + what,
        "Send it with curl -F or any HTTP client's form support.");
  }
}
