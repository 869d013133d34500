// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipOutputStream;

/** Makes archives with the JDK's writer, which is not ours. */
public final class ZipBuilder {
  private final Map<String, Bytes> deflated = new LinkedHashMap<>();
  private final Map<String, Bytes> stored = new LinkedHashMap<>();
  private String comment = "";

  /** With a data descriptor, as the JDK writes them. */
  public ZipBuilder deflated(String name, Bytes content) {
    deflated.put(name, content);
    return this;
  }

  public ZipBuilder deflated(String name, String content) {
    return deflated(name, Bytes.utf8(content));
  }

  /** Behind the deflated ones. */
  public ZipBuilder stored(String name, Bytes content) {
    stored.put(name, content);
    return this;
  }

  public ZipBuilder comment(String text) {
    comment = text;
    return this;
  }

  public Bytes build() {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      if (!comment.isEmpty()) {
        zip.setComment(comment);
      }
      for (var entry : deflated.entrySet()) {
        put(zip, entry(entry.getKey()), entry.getValue());
      }
      for (var entry : stored.entrySet()) {
        var crc = new CRC32();
        crc.update(entry.getValue().asBuffer());
        var header = entry(entry.getKey());
        header.setMethod(java.util.zip.ZipEntry.STORED);
        header.setSize(entry.getValue().size());
        header.setCrc(crc.getValue());
        put(zip, header, entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Bytes.wrap(out.toByteArray());
  }

  private static java.util.zip.ZipEntry entry(String name) {
    var entry = new java.util.zip.ZipEntry(name);
    entry.setTimeLocal(LocalDateTime.of(2026, 11, 21, 12, 0));
    return entry;
  }

  private static void put(ZipOutputStream zip, java.util.zip.ZipEntry entry, Bytes content)
      throws IOException {
    zip.putNextEntry(entry);
    content.writeTo(zip);
    zip.closeEntry();
  }

  /** Writes {@code value} over two bytes at {@code at}. */
  public static Bytes u16(Bytes file, int at, int value) {
    byte[] out = file.toArray();
    Fields.putU16(out, at, value);
    return Bytes.wrap(out);
  }

  /** Writes {@code value} over four bytes at {@code at}. */
  public static Bytes u32(Bytes file, int at, long value) {
    byte[] out = file.toArray();
    Fields.putU32(out, at, value);
    return Bytes.wrap(out);
  }
}
