// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cab;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;

/**
 * CFHEADER (MS-CAB §2.1) in the form a signed cabinet has it, with 24 bytes of reserve fields that
 * say where the signature lies. An unsigned cabinet's header is read into this form: what is signed
 * is the cabinet with the reserve already there.
 *
 * @param data {@value #SIZE} bytes; lengths and offsets count the reserve in
 * @param reserved whether the file had the reserve; otherwise it begins {@value #GROWTH} bytes less
 */
record CabHeader(Bytes data, boolean reserved) {
  static final int PLAIN_SIZE = 36;
  static final int GROWTH = 24;
  static final int SIZE = PLAIN_SIZE + GROWTH;

  /** Bytes of CFFOLDER (MS-CAB §2.2), which begins with the offset of its first data block. */
  static final int FOLDER_SIZE = 8;

  private static final Bytes MAGIC = Bytes.utf8("MSCF");
  private static final int CABINET_SIZE = 8;
  private static final int FILES_AT = 16;
  private static final int FOLDERS = 26;
  private static final int FILES = 28;
  private static final int FLAGS = 30;
  private static final int CHAINED = 0x0003;
  private static final int RESERVE_PRESENT = 0x0004;
  private static final int RESERVE_SIZES = 36;
  private static final int RESERVE_KIND = 40;
  static final int SIGNATURE_AT = 44;
  private static final int SIGNATURE_SIZE = 48;
  static final int AFTER_SIGNATURE = 52;

  /** Bytes of the header's reserve; none are reserved for folders and data blocks. */
  private static final long SIGNATURE_RESERVE = 20;

  /** What signtool writes into the reserve before the place of the signature. */
  private static final long SIGNATURE_KIND = 0x00100000;

  static boolean begins(Bytes first) {
    return first.size() >= MAGIC.size() && first.slice(0, MAGIC.size()).equals(MAGIC);
  }

  /**
   * Reads the header.
   *
   * @param first the file's first {@value #SIZE} bytes, or all if it has less
   */
  static CabHeader parse(Bytes first) {
    if (!begins(first)) {
      throw CabFault.unrecognised();
    }
    if (first.size() < PLAIN_SIZE) {
      throw ArtifactException.truncated(
          "The file ends within the cabinet header, at " + first.size());
    }
    if (u32(first, 4) != 0) {
      throw CabFault.malformed("The reserved field at offset 4 is not zero");
    }
    int flags = u16(first, FLAGS);
    if ((flags & CHAINED) != 0) {
      throw CabFault.partOfASet();
    }
    if ((flags & RESERVE_PRESENT) == 0) {
      return new CabHeader(grown(first, flags), false);
    }
    if (first.size() < SIZE) {
      throw ArtifactException.truncated(
          "The file ends within the cabinet header, at " + first.size());
    }
    if (u32(first, RESERVE_SIZES) != SIGNATURE_RESERVE) {
      throw CabFault.otherReserve(u32(first, RESERVE_SIZES));
    }
    long kind = u32(first, RESERVE_KIND);
    if (kind != SIGNATURE_KIND && kind != 0) {
      throw CabFault.otherReserve(kind);
    }
    return new CabHeader(first.slice(0, SIZE), true);
  }

  private static Bytes grown(Bytes plain, int flags) {
    byte[] out = new byte[SIZE];
    plain.slice(0, PLAIN_SIZE).copyTo(0, out, 0, PLAIN_SIZE);
    put(out, CABINET_SIZE, grownBy(plain, CABINET_SIZE));
    put(out, FILES_AT, grownBy(plain, FILES_AT));
    out[FLAGS] = (byte) (flags | RESERVE_PRESENT);
    put(out, RESERVE_SIZES, SIGNATURE_RESERVE);
    put(out, RESERVE_KIND, SIGNATURE_KIND);
    return Bytes.wrap(out);
  }

  private static long grownBy(Bytes plain, int at) {
    long grown = u32(plain, at) + GROWTH;
    if (grown > 0xffffffffL) {
      throw CabFault.tooLarge(grown);
    }
    return grown;
  }

  /** The header of the same cabinet without a reserve. */
  Bytes plain() {
    byte[] out = data.slice(0, PLAIN_SIZE).toArray();
    put(out, CABINET_SIZE, cabinetSize() - GROWTH);
    put(out, FILES_AT, filesAt() - GROWTH);
    out[FLAGS] = (byte) (u16(data, FLAGS) & ~RESERVE_PRESENT);
    return Bytes.wrap(out);
  }

  /** This header, saying where the signature lies. */
  Bytes pointingAt(long offset, long size) {
    byte[] out = data.toArray();
    put(out, RESERVE_KIND, SIGNATURE_KIND);
    put(out, SIGNATURE_AT, offset);
    put(out, SIGNATURE_SIZE, size);
    return Bytes.wrap(out);
  }

  /** Bytes of the cabinet, reserve included, signature not. */
  long cabinetSize() {
    return u32(data, CABINET_SIZE);
  }

  /** Where the first CFFILE begins: behind the folders. */
  long filesAt() {
    return u32(data, FILES_AT);
  }

  int folders() {
    return u16(data, FOLDERS);
  }

  int files() {
    return u16(data, FILES);
  }

  long signatureAt() {
    return u32(data, SIGNATURE_AT);
  }

  long signatureSize() {
    return u32(data, SIGNATURE_SIZE);
  }

  static int u16(Bytes data, int at) {
    return (data.at(at) & 0xff) | ((data.at(at + 1) & 0xff) << 8);
  }

  static long u32(Bytes data, int at) {
    return u16(data, at) | ((long) u16(data, at + 2) << 16);
  }

  static void put(byte[] target, int at, long value) {
    for (int i = 0; i < Integer.BYTES; i++) {
      target[at + i] = (byte) (value >>> (8 * i));
    }
  }
}
