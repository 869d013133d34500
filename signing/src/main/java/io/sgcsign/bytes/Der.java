// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bytes;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Locale;

/**
 * One element of BER or DER (X.690), read with bounds checks where it lies: nothing is copied and
 * nothing is encoded anew, so a signature is checked over the very bytes that were signed.
 *
 * <p>BER is taken as far as signatures use it (indefinite lengths, octet strings in pieces); tags
 * above 30 are not.
 */
public final class Der {
  public static final int BOOLEAN = 0x01;
  public static final int INTEGER = 0x02;
  public static final int BIT_STRING = 0x03;
  public static final int OCTET_STRING = 0x04;
  public static final int NULL = 0x05;
  public static final int OID = 0x06;
  public static final int UTC_TIME = 0x17;
  public static final int GENERALIZED_TIME = 0x18;
  public static final int SEQUENCE = 0x30;
  public static final int SET = 0x31;

  /** Nesting levels. Signatures in signatures need about 40; a deeper one is an attack. */
  static final int MAX_DEPTH = 100;

  /** Levels that may have no length: to find their end takes a look at all they hold. */
  static final int MAX_INDEFINITE_DEPTH = 20;

  /** Elements. Page hashes are one octet string each; certificates have about 150. */
  static final int MAX_ELEMENTS = 500_000;

  private static final int CONSTRUCTED = 0x20;
  private static final int HIGH_TAG = 0x1f;
  private static final DateTimeFormatter UTC =
      new DateTimeFormatterBuilder()
          // RFC 5280 §4.1.2.5.1: 50 and above is the last century
          .appendValueReduced(ChronoField.YEAR, 2, 2, 1950)
          .appendPattern("MMddHHmmss")
          .toFormatter(Locale.ROOT);
  private static final DateTimeFormatter GENERALIZED =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuuMMddHHmmss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);

  private final byte[] data;
  private final int start;
  private final int from;
  private final int to;
  private final int end;

  private Der(byte[] data, int start, int from, int to, int end) {
    this.data = data;
    this.start = start;
    this.from = from;
    this.to = to;
    this.end = end;
  }

  /**
   * Reads one element that fills {@code bytes}.
   *
   * @throws DerException if there is none or something follows it
   */
  public static Der of(Bytes bytes) {
    Der element = at(bytes.data, 0, bytes.data.length, 0);
    if (element.end != bytes.data.length) {
      throw new DerException(
          "The structure ends at " + element.end + ", the data at " + bytes.data.length);
    }
    return element;
  }

  /** As {@link #of}, and looks at every element inside, so that none surprises a later parser. */
  public static Der checked(Bytes bytes) {
    Der element = of(bytes);
    element.check(0, new int[1]);
    return element;
  }

  /**
   * Length of the element {@code bytes} begin with, for places that pad a structure. What is not
   * DER (or BER of indefinite length) is taken whole: its parser will say what is wrong with it.
   */
  public static int leadingSize(Bytes bytes) {
    if (bytes.size() < 2) {
      return bytes.size();
    }
    int first = bytes.at(1) & 0xff;
    int octets = first & 0x7f;
    if (first == 0x80 || (first > 0x80 && (octets > 4 || bytes.size() < 2 + octets))) {
      return bytes.size();
    }
    long length = first < 0x80 ? first : 0;
    int head = first < 0x80 ? 2 : 2 + octets;
    for (int i = 2; i < head; i++) {
      length = (length << 8) | (bytes.at(i) & 0xff);
    }
    return (int) Math.min(bytes.size(), head + length);
  }

  static Der at(byte[] data, int start, int limit, int depth) {
    if (depth > MAX_DEPTH) {
      throw new DerException("More than " + MAX_DEPTH + " structures in one another");
    }
    if (limit - start < 2) {
      throw new DerException("The structure at " + start + " is cut off");
    }
    if ((data[start] & HIGH_TAG) == HIGH_TAG) {
      throw new DerException("The tag at " + start + " is not one of a signature");
    }
    int first = data[start + 1] & 0xff;
    if (first == 0x80) {
      return indefinite(data, start, limit, depth);
    }
    int octets = first < 0x80 ? 0 : first & 0x7f;
    long length = first < 0x80 ? first : length(data, start + 2, octets, limit);
    int from = start + 2 + octets;
    if (length > limit - from) {
      throw new DerException(
          "The structure at "
              + start
              + " claims "
              + length
              + " bytes; "
              + (limit - from)
              + " are left");
    }
    int to = from + (int) length;
    return new Der(data, start, from, to, to);
  }

  private static long length(byte[] data, int at, int octets, int limit) {
    if (octets > Integer.BYTES || at + octets > limit) {
      throw new DerException("The length at " + (at - 1) + " is not possible");
    }
    long length = 0;
    for (int i = 0; i < octets; i++) {
      length = (length << 8) | (data[at + i] & 0xff);
    }
    return length;
  }

  private static Der indefinite(byte[] data, int start, int limit, int depth) {
    if ((data[start] & CONSTRUCTED) == 0 || depth > MAX_INDEFINITE_DEPTH) {
      throw new DerException("The value at " + start + " has no end");
    }
    int at = start + 2;
    while (limit - at >= 2 && (data[at] != 0 || data[at + 1] != 0)) {
      at = at(data, at, limit, depth + 1).end;
    }
    if (limit - at < 2) {
      throw new DerException("The structure at " + start + " has no end");
    }
    return new Der(data, start, start + 2, at, at + 2);
  }

  private void check(int depth, int[] seen) {
    if (++seen[0] > MAX_ELEMENTS) {
      throw new DerException("More than " + MAX_ELEMENTS + " structures");
    }
    if (constructed()) {
      for (int at = from; at < to; ) {
        Der child = at(data, at, to, depth + 1);
        child.check(depth + 1, seen);
        at = child.end;
      }
      return;
    }
    boolean sound =
        switch (tag()) {
          case BOOLEAN -> to - from == 1;
          case NULL -> to == from;
          case INTEGER -> minimal();
          case OID -> to > from && data[to - 1] >= 0;
          case BIT_STRING -> to > from && data[from] >= 0 && data[from] <= 7;
          case SEQUENCE & ~CONSTRUCTED, SET & ~CONSTRUCTED -> false;
          default -> true;
        };
    if (!sound) {
      throw new DerException("The value at " + start + " is malformed");
    }
  }

  /** X.690 §8.3.2: the first nine bits of a number are not all alike. */
  private boolean minimal() {
    return to - from == 1 || (to - from > 1 && data[from] != data[from + 1] >> 7);
  }

  /** The identifier octet: class, constructed bit and number. */
  public int tag() {
    return data[start] & 0xff;
  }

  public boolean is(int tag) {
    return tag() == tag;
  }

  public boolean constructed() {
    return (data[start] & CONSTRUCTED) != 0;
  }

  /** This element if it has {@code tag}. */
  public Der expect(int tag) {
    if (tag() != tag) {
      throw new DerException(
          "At %d there is tag %02x in place of %02x".formatted(start, tag(), tag));
    }
    return this;
  }

  /** The elements inside, in order. */
  public DerCursor children() {
    if (!constructed()) {
      throw new DerException("The value at " + start + " has nothing inside");
    }
    return new DerCursor(data, from, to);
  }

  /** The elements inside of a SEQUENCE. */
  public DerCursor sequence() {
    return expect(SEQUENCE).children();
  }

  /** The only element inside, as of an EXPLICIT tag. */
  public Der only() {
    DerCursor inside = children();
    Der child = inside.next();
    inside.end();
    return child;
  }

  /** Tag, length and value as they lie there. */
  public Bytes encoded() {
    return Bytes.of(data, start, end - start);
  }

  /** The value without tag and length. */
  public Bytes content() {
    return Bytes.of(data, from, to - from);
  }

  /** Whether {@link #encoded} equals {@code other}; not in constant time. */
  public boolean encodedAs(Bytes other) {
    return Arrays.equals(data, start, end, other.data, 0, other.data.length);
  }

  int end() {
    return end;
  }

  /** Size of {@link #content} in bytes. */
  public int size() {
    return to - from;
  }

  public BigInteger integer() {
    expect(INTEGER);
    if (to == from) {
      throw new DerException("The number at " + start + " is empty");
    }
    return new BigInteger(data, from, to - from);
  }

  public boolean bool() {
    expect(BOOLEAN);
    return to > from && data[from] != 0;
  }

  /** Dotted decimals. */
  public String oid() {
    expect(OID);
    if (to == from || to - from > 64 || data[to - 1] < 0) {
      throw new DerException("The object identifier at " + start + " is malformed");
    }
    var out = new StringBuilder();
    long arc = 0;
    for (int i = from; i < to; i++) {
      if (arc > Long.MAX_VALUE >> 7) {
        throw new DerException("The object identifier at " + start + " has too large a number");
      }
      arc = (arc << 7) | (data[i] & 0x7f);
      if (data[i] >= 0) {
        append(out, arc);
        arc = 0;
      }
    }
    return out.toString();
  }

  private static void append(StringBuilder out, long arc) {
    if (out.isEmpty()) {
      // the first two arcs share a number: 40 × first + second
      long first = Math.min(arc / 40, 2);
      out.append(first).append('.').append(arc - 40 * first);
    } else {
      out.append('.').append(arc);
    }
  }

  /** Whether it is an OCTET STRING, in one or in pieces. */
  public boolean isOctets() {
    return (tag() & ~CONSTRUCTED) == OCTET_STRING;
  }

  /** The value of an OCTET STRING, put together if it comes in pieces. */
  public Bytes octets() {
    if (is(OCTET_STRING)) {
      return content();
    }
    expect(OCTET_STRING | CONSTRUCTED);
    var out = new ByteArrayOutputStream();
    for (DerCursor pieces = children(); pieces.hasNext(); ) {
      Der piece = pieces.next().expect(OCTET_STRING);
      out.write(piece.data, piece.from, piece.to - piece.from);
    }
    return Bytes.wrap(out.toByteArray());
  }

  /** A UTCTime or GeneralizedTime in UTC (RFC 5280 §4.1.2.5, RFC 3161 §2.4.2). */
  public Instant time() {
    boolean utc = is(UTC_TIME);
    if (!utc) {
      expect(GENERALIZED_TIME);
    }
    String text = new String(data, from, to - from, StandardCharsets.US_ASCII);
    try {
      if (!text.endsWith("Z")) {
        throw new DerException("The time at " + start + " is not in UTC");
      }
      String digits = text.substring(0, text.length() - 1);
      return LocalDateTime.parse(digits, utc ? UTC : GENERALIZED).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new DerException("The time at " + start + " is malformed");
    }
  }
}
