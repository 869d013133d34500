// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * The digest of a signed package as NuGet's client computes it: entries by their place, then the
 * directory with corrected offsets, then its end with corrected sums. Knows nothing of our reader.
 */
public final class NugetContentHash {
  private static final String SIGNATURE = ".signature.p7s";

  private NugetContentHash() {}

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private record Entry(String name, long local, int header, int headerLength) {}

  public static String of(Bytes file, String algorithm) {
    byte[] raw = file.toArray();
    ByteBuffer b = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    int end = raw.length - 22;
    while (b.getInt(end) != 0x06054b50) {
      end--;
    }
    int directory = b.getInt(end + 16);
    List<Entry> entries = entries(b, raw, directory, b.getShort(end + 10));
    var byPlace = new ArrayList<>(entries);
    byPlace.sort(Comparator.comparingLong(Entry::local));
    long signatureAt = -1;
    long signatureLength = 0;
    int signatureHeader = 0;
    MessageDigest digest = digest(algorithm);
    for (int i = 0; i < byPlace.size(); i++) {
      Entry entry = byPlace.get(i);
      long next = i + 1 < byPlace.size() ? byPlace.get(i + 1).local() : directory;
      if (entry.name().equals(SIGNATURE)) {
        signatureAt = entry.local();
        signatureLength = next - entry.local();
        signatureHeader = entry.headerLength();
      } else {
        digest.update(raw, (int) entry.local(), (int) (next - entry.local()));
      }
    }
    for (Entry entry : entries) {
      if (entry.name().equals(SIGNATURE)) {
        continue;
      }
      long shift = entry.local() > signatureAt ? signatureLength : 0;
      b.putInt(entry.header() + 42, (int) (entry.local() - shift));
      digest.update(raw, entry.header(), entry.headerLength());
    }
    b.putShort(end + 8, (short) (entries.size() - 1));
    b.putShort(end + 10, (short) (entries.size() - 1));
    b.putInt(end + 12, b.getInt(end + 12) - signatureHeader);
    b.putInt(end + 16, (int) (directory - signatureLength));
    digest.update(raw, end, raw.length - end);
    return Base64.getEncoder().encodeToString(digest.digest());
  }

  private static List<Entry> entries(ByteBuffer b, byte[] raw, int directory, int count) {
    var out = new ArrayList<Entry>();
    int at = directory;
    for (int i = 0; i < count; i++) {
      int name = b.getShort(at + 28);
      int length = 46 + name + b.getShort(at + 30) + b.getShort(at + 32);
      out.add(
          new Entry(
              new String(raw, at + 46, name, StandardCharsets.UTF_8),
              b.getInt(at + 42),
              at,
              length));
      at += length;
    }
    return out;
  }
}
