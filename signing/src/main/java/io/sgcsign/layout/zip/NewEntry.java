// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A file to be put into an archive. Its headers have no extra fields, attributes or comment, so the
 * same content gives the same bytes.
 *
 * @param data as it lies in the archive
 * @param dosTime date and time as MS-DOS has them, in UTC
 */
public record NewEntry(String name, int method, Bytes data, long size, long crc, int dosTime) {
  /** APPNOTE §4.4.3.2: 2.0, for deflated data. */
  private static final int VERSION = 20;

  /** APPNOTE §4.4.3.2: 4.5, for ZIP64. */
  private static final int ZIP64_VERSION = 45;

  private static final int FIRST_YEAR = 1980;
  private static final int LAST_YEAR = 2107;

  /** Not compressed. */
  public static NewEntry stored(String name, Bytes content, Instant time) {
    return new NewEntry(
        name, ZipEntry.STORED, content, content.size(), crc(content), dosTime(time));
  }

  public static NewEntry deflated(String name, Bytes content, Instant time) {
    var out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try (var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      deflater.setInput(content.toArray());
      deflater.finish();
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
    }
    Bytes data = Bytes.wrap(out.toByteArray());
    return new NewEntry(name, ZipEntry.DEFLATED, data, content.size(), crc(content), dosTime(time));
  }

  private static long crc(Bytes content) {
    var crc = new CRC32();
    crc.update(content.asBuffer());
    return crc.getValue();
  }

  /** APPNOTE §4.4.6: seconds by two, years from 1980. */
  private static int dosTime(Instant time) {
    LocalDateTime at = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    int year = Math.clamp(at.getYear(), FIRST_YEAR, LAST_YEAR) - FIRST_YEAR;
    int date = year << 9 | at.getMonthValue() << 5 | at.getDayOfMonth();
    return date << 16 | at.getHour() << 11 | at.getMinute() << 5 | at.getSecond() / 2;
  }

  private Bytes rawName() {
    return Bytes.utf8(name);
  }

  private int flags() {
    return StandardCharsets.US_ASCII.newEncoder().canEncode(name) ? 0 : ZipEntry.UTF8;
  }

  /** Header and data. */
  Bytes local() {
    byte[] out = new byte[ZipEntry.LOCAL_HEADER];
    Fields.putU32(out, 0, ZipEntry.LOCAL_SIGNATURE);
    common(out, 4);
    return Bytes.concat(Bytes.wrap(out), rawName(), data);
  }

  /** The header in the central directory of an entry at {@code offset}. */
  Bytes central(long offset) {
    boolean far = offset > ZipEnd.MAX_OFFSET;
    byte[] out = new byte[ZipEntry.DIRECTORY_HEADER];
    Fields.putU32(out, 0, ZipEntry.DIRECTORY_SIGNATURE);
    Fields.putU16(out, 4, far ? ZIP64_VERSION : VERSION);
    common(out, 6);
    Fields.putU32(out, 42, far ? Zip64Field.NONE : offset);
    if (!far) {
      return Bytes.concat(Bytes.wrap(out), rawName());
    }
    byte[] extra = new byte[4 + Long.BYTES];
    Fields.putU16(extra, 0, Zip64Field.ID);
    Fields.putU16(extra, 2, Long.BYTES);
    Fields.putU64(extra, 4, offset);
    Fields.putU16(out, 30, extra.length);
    return Bytes.concat(Bytes.wrap(out), rawName(), Bytes.wrap(extra));
  }

  /** What both headers have, from "version needed to extract" on. */
  private void common(byte[] out, int at) {
    Fields.putU16(out, at, VERSION);
    Fields.putU16(out, at + 2, flags());
    Fields.putU16(out, at + 4, method);
    Fields.putU32(out, at + 6, dosTime);
    Fields.putU32(out, at + 10, crc);
    Fields.putU32(out, at + 14, data.size());
    Fields.putU32(out, at + 18, size);
    Fields.putU16(out, at + 22, rawName().size());
  }
}
