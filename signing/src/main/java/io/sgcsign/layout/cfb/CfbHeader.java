// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The header (MS-CFB 2.2). */
record CfbHeader(
    Bytes raw,
    Geometry geometry,
    int fatSectors,
    int firstDirectory,
    int firstMiniFat,
    int miniFatSectors,
    int firstDifat,
    int difatSectors) {
  static final Bytes MAGIC = Bytes.fromHex("d0cf11e0a1b11ae1");

  static final int DIRECTORY_SECTORS_AT = 0x28;
  static final int FAT_SECTORS_AT = 0x2c;
  static final int FIRST_DIRECTORY_AT = 0x30;
  static final int FIRST_MINI_FAT_AT = 0x3c;
  static final int MINI_FAT_SECTORS_AT = 0x40;
  static final int FIRST_DIFAT_AT = 0x44;
  static final int DIFAT_SECTORS_AT = 0x48;
  static final int DIFAT_AT = 0x4c;
  private static final int VERSION_AT = 0x1a;
  private static final int BYTE_ORDER_AT = 0x1c;
  private static final int SHIFT_AT = 0x1e;
  private static final int MINI_SHIFT_AT = 0x20;
  private static final int CUTOFF_AT = 0x38;

  static boolean begins(Artifact artifact) {
    return artifact.size() >= MAGIC.size() && artifact.read(0, MAGIC.size()).equals(MAGIC);
  }

  static CfbHeader parse(Artifact artifact) {
    if (!begins(artifact)) {
      throw CfbFault.unrecognised(
          "The file does not begin with d0cf11e0a1b11ae1: it is no compound file");
    }
    if (artifact.size() < Geometry.HEADER) {
      throw ArtifactException.truncated(
          "The header has 512 bytes, but the file ends at " + artifact.size());
    }
    Bytes raw = artifact.read(0, Geometry.HEADER);
    ByteBuffer fields = raw.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
    var geometry = new Geometry(fields.getShort(VERSION_AT));
    check(fields, geometry);
    if (artifact.size() > geometry.maxSize()) {
      throw CfbFault.tooLarge(
          "The file has %d bytes; a compound file of version %d may have %d"
              .formatted(artifact.size(), geometry.version(), geometry.maxSize()));
    }
    return new CfbHeader(
        raw,
        geometry,
        fields.getInt(FAT_SECTORS_AT),
        fields.getInt(FIRST_DIRECTORY_AT),
        fields.getInt(FIRST_MINI_FAT_AT),
        fields.getInt(MINI_FAT_SECTORS_AT),
        fields.getInt(FIRST_DIFAT_AT),
        fields.getInt(DIFAT_SECTORS_AT));
  }

  private static void check(ByteBuffer fields, Geometry geometry) {
    expect(geometry.version() == 3 || geometry.version() == 4, VERSION_AT, "version", fields);
    expect((fields.getShort(BYTE_ORDER_AT) & 0xffff) == 0xfffe, BYTE_ORDER_AT, "order", fields);
    expect(fields.getShort(SHIFT_AT) == geometry.shift(), SHIFT_AT, "sector size", fields);
    expect(
        fields.getShort(MINI_SHIFT_AT) == Geometry.MINI_SHIFT,
        MINI_SHIFT_AT,
        "mini sector size",
        fields);
    expect(fields.getInt(CUTOFF_AT) == Geometry.MINI_CUTOFF, CUTOFF_AT, "cutoff", fields);
  }

  private static void expect(boolean holds, int at, String what, ByteBuffer fields) {
    if (!holds) {
      throw CfbFault.malformed(
          "The header's %s at offset %d is 0x%04x, which no compound file has"
              .formatted(what, at, fields.getShort(at)));
    }
  }

  /** The number of a FAT sector that the header itself names. */
  int difat(int index) {
    return raw.asBuffer().order(ByteOrder.LITTLE_ENDIAN).getInt(DIFAT_AT + index * Integer.BYTES);
  }
}
