// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

/**
 * Sizes and special sector numbers (MS-CFB 2.1, 2.2). Sector numbers are ints: the files taken here
 * have fewer than 2^23 sectors, so every special number is negative.
 *
 * @param version 3 (sectors of 512 bytes) or 4 (4,096 bytes)
 */
record Geometry(int version) {
  static final int HEADER = 512;
  static final int MINI_SHIFT = 6;
  static final int MINI_SECTOR = 1 << MINI_SHIFT;

  /** Bytes. Streams below this size live in the mini stream. */
  static final int MINI_CUTOFF = 4096;

  /** FAT sectors the header itself names. */
  static final int HEADER_DIFAT = 109;

  static final int FREE = 0xffff_ffff;
  static final int END_OF_CHAIN = 0xffff_fffe;
  static final int FAT_SECTOR = 0xffff_fffd;
  static final int DIFAT_SECTOR = 0xffff_fffc;

  /** Bytes. Version 3 ends there (MS-CFB 2.1, "Range Lock Sector"). */
  static final long MAX_SIZE_3 = 1L << 31;

  /** Bytes: 2^23 sectors, so that the FAT stays within 32 MiB of memory. */
  static final long MAX_SIZE_4 = 1L << 35;

  /** The sector with this offset is kept free of data for byte-range locks. */
  private static final long RANGE_LOCK = 0x7fff_ff00L;

  int shift() {
    return version == 3 ? 9 : 12;
  }

  int sectorSize() {
    return 1 << shift();
  }

  /** Sector numbers in one sector of a table. */
  int perSector() {
    return sectorSize() / Integer.BYTES;
  }

  int entriesPerSector() {
    return sectorSize() / DirectoryEntry.SIZE;
  }

  long maxSize() {
    return version == 3 ? MAX_SIZE_3 : MAX_SIZE_4;
  }

  /** Where a sector begins in the file; the header takes the place of one sector. */
  long offset(int sector) {
    return (sector + 1L) << shift();
  }

  /** How many sectors a file has, the last perhaps cut short. */
  int sectors(long fileSize) {
    return (int) Math.max(0, ((fileSize + sectorSize() - 1) >> shift()) - 1);
  }

  static long miniSectorsFor(long bytes) {
    return (bytes + MINI_SECTOR - 1) >> MINI_SHIFT;
  }

  boolean rangeLock(int sector) {
    return version == 4 && sector == (int) (RANGE_LOCK >> shift()) - 1;
  }
}
