// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes archives as MakeAppx and others do, header by header, without our own writer. */
public final class PackageZip {
  public static final int BLOCK = 64 * 1024;

  /** How sizes and offsets are written. */
  public enum Flavour {
    /** MakeAppx today: ZIP64 fields for everything, data descriptors with sizes of 8 bytes. */
    ZIP64,
    /** MakeAppx before: the directory without ZIP64 fields, behind it the ZIP64 records. */
    MIXED,
    /** Other packers: no ZIP64, no data descriptors. */
    PLAIN
  }

  private record Entry(
      String name, int method, long crc, long compressed, long size, long headerAt) {}

  /**
   * What was written.
   *
   * @param header bytes of the local header
   * @param blocks compressed bytes of each block
   */
  public record Written(int header, List<Integer> blocks) {
    public Written {
      blocks = List.copyOf(blocks);
    }
  }

  private final Flavour flavour;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Long> data = new HashMap<>();

  public PackageZip(Flavour flavour) {
    this.flavour = flavour;
  }

  public Written stored(String name, Bytes content) {
    return put(name, ZipEntry.STORED, content, content, List.of());
  }

  /** Compressed block by block, so that each can be unpacked without those before it. */
  public Written deflated(String name, Bytes content) {
    var packed = new ByteArrayOutputStream();
    var sizes = new ArrayList<Integer>();
    try (var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      byte[] buffer = new byte[BLOCK * 2];
      for (int at = 0; at < content.size(); at += BLOCK) {
        deflater.setInput(content.slice(at, Math.min(at + BLOCK, content.size())).toArray());
        int length = deflater.deflate(buffer, 0, buffer.length, Deflater.FULL_FLUSH);
        packed.write(buffer, 0, length);
        sizes.add(length);
      }
      deflater.finish();
      packed.write(buffer, 0, deflater.deflate(buffer));
    }
    return put(name, ZipEntry.DEFLATED, content, Bytes.wrap(packed.toByteArray()), sizes);
  }

  /** Where the bytes of an entry begin. */
  public long dataAt(String name) {
    return data.getOrDefault(name, -1L);
  }

  private Written put(String name, int method, Bytes content, Bytes packed, List<Integer> blocks) {
    var crc = new CRC32();
    crc.update(content.asBuffer());
    var entry = new Entry(name, method, crc.getValue(), packed.size(), content.size(), out.size());
    boolean described = flavour != Flavour.PLAIN;
    byte[] header = new byte[ZipEntry.LOCAL_HEADER];
    Fields.putU32(header, 0, ZipEntry.LOCAL_SIGNATURE);
    common(header, 4, entry, described);
    write(Bytes.wrap(header), Bytes.utf8(name));
    data.put(name, (long) out.size());
    write(packed);
    if (described) {
      byte[] descriptor = new byte[24];
      Fields.putU32(descriptor, 0, 0x08074b50L);
      Fields.putU32(descriptor, 4, entry.crc());
      Fields.putU64(descriptor, 8, entry.compressed());
      Fields.putU64(descriptor, 16, entry.size());
      write(Bytes.wrap(descriptor));
    }
    entries.add(entry);
    return new Written(ZipEntry.LOCAL_HEADER + Bytes.utf8(name).size(), blocks);
  }

  /** From "version needed" on; {@code empty}: sizes follow the data. */
  private void common(byte[] header, int at, Entry entry, boolean empty) {
    boolean described = flavour != Flavour.PLAIN;
    Fields.putU16(header, at, described ? 45 : 20);
    Fields.putU16(header, at + 2, described ? 8 : 0);
    Fields.putU16(header, at + 4, entry.method());
    Fields.putU32(header, at + 6, 0x5d75_6000L);
    Fields.putU32(header, at + 10, empty ? 0 : entry.crc());
    Fields.putU32(header, at + 14, empty ? 0 : entry.compressed());
    Fields.putU32(header, at + 18, empty ? 0 : entry.size());
    Fields.putU16(header, at + 22, Bytes.utf8(entry.name()).size());
  }

  private void write(Bytes... parts) {
    for (Bytes part : parts) {
      out.writeBytes(part.toArray());
    }
  }

  public Bytes build() {
    long directory = out.size();
    entries.forEach(this::central);
    long size = out.size() - directory;
    boolean wide = flavour != Flavour.PLAIN;
    if (wide) {
      byte[] records = new byte[76];
      Fields.putU32(records, 0, 0x06064b50L);
      Fields.putU64(records, 4, 44);
      Fields.putU16(records, 12, 45);
      Fields.putU16(records, 14, 45);
      Fields.putU64(records, 24, entries.size());
      Fields.putU64(records, 32, entries.size());
      Fields.putU64(records, 40, size);
      Fields.putU64(records, 48, directory);
      Fields.putU32(records, 56, 0x07064b50L);
      Fields.putU64(records, 64, directory + size);
      Fields.putU32(records, 72, 1);
      write(Bytes.wrap(records));
    }
    byte[] end = new byte[22];
    Fields.putU32(end, 0, 0x06054b50L);
    Fields.putU32(end, 4, wide ? -1 : 0);
    Fields.putU16(end, 8, wide ? -1 : entries.size());
    Fields.putU16(end, 10, wide ? -1 : entries.size());
    Fields.putU32(end, 12, wide ? -1 : size);
    Fields.putU32(end, 16, wide ? -1 : directory);
    write(Bytes.wrap(end));
    return Bytes.wrap(out.toByteArray());
  }

  private void central(Entry entry) {
    boolean extra = flavour == Flavour.ZIP64;
    byte[] header = new byte[ZipEntry.DIRECTORY_HEADER];
    Fields.putU32(header, 0, ZipEntry.DIRECTORY_SIGNATURE);
    Fields.putU16(header, 4, 45);
    common(header, 6, entry, false);
    Fields.putU32(header, 42, extra ? -1 : entry.headerAt());
    if (!extra) {
      write(Bytes.wrap(header), Bytes.utf8(entry.name()));
      return;
    }
    Fields.putU32(header, 20, -1);
    Fields.putU32(header, 24, -1);
    byte[] field = new byte[28];
    Fields.putU16(field, 0, 1);
    Fields.putU16(field, 2, 24);
    Fields.putU64(field, 4, entry.size());
    Fields.putU64(field, 12, entry.compressed());
    Fields.putU64(field, 20, entry.headerAt());
    Fields.putU16(header, 30, field.length);
    write(Bytes.wrap(header), Bytes.utf8(entry.name()), Bytes.wrap(field));
  }
}
