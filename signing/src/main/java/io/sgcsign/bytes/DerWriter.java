// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bytes;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes ASN.1 in DER (X.690). For the few structures on the signing path, where building an object
 * tree first would cost more than the signature.
 */
public final class DerWriter {
  public static final int INTEGER = 0x02;
  public static final int BIT_STRING = 0x03;
  public static final int OCTET_STRING = 0x04;
  public static final int OBJECT_IDENTIFIER = 0x06;
  public static final int SEQUENCE = 0x30;
  public static final int SET = 0x31;
  private static final int CONTEXT = 0x80;
  private static final int CONSTRUCTED = 0x20;
  private static final int LONG_FORM = 0x80;
  private static final Bytes NULL = Bytes.of((byte) 0x05, (byte) 0);

  private DerWriter() {}

  /** An element whose content is {@code parts} one after the other. */
  public static Bytes element(int tag, Bytes... parts) {
    int length = 0;
    for (Bytes part : parts) {
      length = Math.addExact(length, part.size());
    }
    byte[] head = head(tag, length);
    byte[] out = Arrays.copyOf(head, Math.addExact(head.length, length));
    int at = head.length;
    for (Bytes part : parts) {
      part.copyTo(0, out, at, part.size());
      at += part.size();
    }
    return Bytes.wrap(out);
  }

  private static byte[] head(int tag, int length) {
    if (length < LONG_FORM) {
      return new byte[] {(byte) tag, (byte) length};
    }
    int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    byte[] head = new byte[2 + octets];
    head[0] = (byte) tag;
    head[1] = (byte) (LONG_FORM | octets);
    for (int i = 0; i < octets; i++) {
      head[2 + i] = (byte) (length >>> (8 * (octets - 1 - i)));
    }
    return head;
  }

  public static Bytes sequence(Bytes... parts) {
    return element(SEQUENCE, parts);
  }

  /** A SET OF: sorted as X.690 §11.6 wants it. */
  public static Bytes setOf(List<Bytes> elements) {
    return element(SET, sorted(elements));
  }

  /** The elements of a SET OF in DER order. */
  public static Bytes[] sorted(List<Bytes> elements) {
    var out = elements.toArray(Bytes[]::new);
    Arrays.sort(out, Bytes::compareOctets);
    return out;
  }

  /** {@code [number]} around whole elements. */
  public static Bytes explicit(int number, Bytes... parts) {
    return element(CONTEXT | CONSTRUCTED | number, parts);
  }

  /** {@code [number] IMPLICIT} of a primitive type. */
  public static Bytes implicit(int number, Bytes content) {
    return element(CONTEXT | number, content);
  }

  public static Bytes octetString(Bytes content) {
    return element(OCTET_STRING, content);
  }

  public static Bytes integer(BigInteger value) {
    return element(INTEGER, Bytes.wrap(value.toByteArray()));
  }

  public static Bytes integer(long value) {
    return integer(BigInteger.valueOf(value));
  }

  public static Bytes nothing() {
    return NULL;
  }

  /** Characters of {@code text} as big-endian UTF-16: the content of a BMPString. */
  public static Bytes bmp(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_16BE));
  }

  /** An OBJECT IDENTIFIER from its dotted form (X.690 §8.19). */
  public static Bytes oid(String dotted) {
    String[] arcs = dotted.split("\\.", -1);
    var out = new ByteArrayOutputStream();
    writeArc(out, Long.parseLong(arcs[0]) * 40 + Long.parseLong(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      writeArc(out, Long.parseLong(arcs[i]));
    }
    return element(OBJECT_IDENTIFIER, Bytes.wrap(out.toByteArray()));
  }

  private static void writeArc(ByteArrayOutputStream out, long arc) {
    int groups = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(arc) + 6) / 7);
    for (int i = groups - 1; i >= 0; i--) {
      out.write(((int) (arc >>> (7 * i)) & 0x7f) | (i > 0 ? 0x80 : 0));
    }
  }
}
