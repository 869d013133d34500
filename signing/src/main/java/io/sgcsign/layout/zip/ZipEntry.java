// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.bytes.Bytes;

/**
 * One file or folder in the archive. All offsets are from the beginning of the file.
 *
 * @param flags general purpose bits (APPNOTE §4.4.4)
 * @param method {@link #STORED} or {@link #DEFLATED}
 * @param crc of the content
 * @param compressed bytes as they lie there
 * @param size bytes of the content
 * @param attributes external file attributes
 * @param headerAt offset of the local header
 * @param dataAt offset of the data
 * @param end where the entry ends, its data descriptor included
 * @param directoryAt offset of its header in the central directory
 * @param directoryLength bytes of that header
 * @param offsetAt where in that header the offset of the local one stands
 * @param wide whether it has eight bytes, not four
 */
public record ZipEntry(
    String name,
    int flags,
    int method,
    long crc,
    long compressed,
    long size,
    long attributes,
    long headerAt,
    long dataAt,
    long end,
    long directoryAt,
    int directoryLength,
    int offsetAt,
    boolean wide) {
  public static final int STORED = 0;
  public static final int DEFLATED = 8;

  static final int ENCRYPTED = 1;
  static final int DESCRIPTOR = 1 << 3;
  static final int STRONGLY_ENCRYPTED = 1 << 6;
  static final int UTF8 = 1 << 11;
  static final int MASKED = 1 << 13;

  static final int DIRECTORY_HEADER = 46;
  static final int LOCAL_HEADER = 30;
  static final long DIRECTORY_SIGNATURE = 0x02014b50L;
  static final long LOCAL_SIGNATURE = 0x04034b50L;
  private static final long DESCRIPTOR_SIGNATURE = 0x08074b50L;
  private static final int UNIX = 3;
  private static final int OFFSET_AT = 42;

  /** Bytes. Beyond a ZIP64 field, which has 20, local headers have times and alignment. */
  private static final int MAX_LOCAL_EXTRA = 512;

  /** st_mode in the upper half: the kinds of files that are plain files or folders. */
  private static final int FILE_TYPE = 0xf000;

  private static final int PLAIN = 0x8000;
  private static final int FOLDER = 0x4000;

  /** Names end with a slash exactly if the entry is a folder. */
  public boolean folder() {
    return name.endsWith("/");
  }

  /** Whether a data descriptor follows the data. */
  private boolean described() {
    return (flags & DESCRIPTOR) != 0;
  }

  /** Reads a header of the central directory (APPNOTE §4.3.12) and what it points to. */
  static ZipEntry read(Window directory, Window locals, long at, boolean zip64) {
    Fields header =
        new Fields(directory.at(at, DIRECTORY_HEADER, "A header of the central directory"));
    if (header.u32(0) != DIRECTORY_SIGNATURE) {
      throw ZipFault.malformed("There is no header of the central directory at offset " + at);
    }
    int nameLength = header.u16(28);
    if (nameLength > ZipName.MAX_LENGTH) {
      throw ZipFault.malformed(
          "The name of the entry at offset %d has %d bytes, more than %d"
              .formatted(at, nameLength, ZipName.MAX_LENGTH));
    }
    Bytes rawName = directory.at(at + DIRECTORY_HEADER, nameLength, "The name of an entry");
    int flags = header.u16(8);
    String name = ZipName.of(rawName, (flags & UTF8) != 0, at);
    checkKind(header, name, zip64);
    int extraAt = DIRECTORY_HEADER + nameLength;
    Zip64Field sizes =
        zip64
            ? Zip64Field.of(
                new Fields(directory.at(at + extraAt, header.u16(30), "An extra field")),
                header.u32(24),
                header.u32(20),
                header.u32(OFFSET_AT),
                "The entry " + name)
            : new Zip64Field(header.u32(24), header.u32(20), header.u32(OFFSET_AT), -1);
    boolean far = sizes.offsetAt() >= 0;
    var entry =
        new ZipEntry(
            name,
            flags,
            header.u16(10),
            header.u32(16),
            sizes.compressed(),
            sizes.size(),
            header.u32(38),
            sizes.headerAt(),
            0,
            0,
            at,
            extraAt + header.u16(30) + header.u16(32),
            far ? extraAt + sizes.offsetAt() : OFFSET_AT,
            far);
    return entry.located(locals, rawName, zip64);
  }

  private static void checkKind(Fields header, String name, boolean zip64) {
    if ((header.u16(8) & (ENCRYPTED | STRONGLY_ENCRYPTED | MASKED)) != 0) {
      throw ZipFault.malformed("The entry " + name + " is encrypted");
    }
    if (header.u16(10) != STORED && header.u16(10) != DEFLATED) {
      throw ZipFault.malformed(
          "The entry %s is compressed with method %d; only stored and deflated are known"
              .formatted(name, header.u16(10)));
    }
    if (header.u16(34) != 0) {
      throw ZipFault.malformed("The entry " + name + " lies in another volume");
    }
    int type = (int) (header.u32(38) >>> 16) & FILE_TYPE;
    if (header.u16(4) >> 8 == UNIX && type != 0 && type != PLAIN && type != FOLDER) {
      throw ZipFault.malformed("The entry " + name + " is a link or a device");
    }
    long largest = Math.max(Math.max(header.u32(20), header.u32(24)), header.u32(OFFSET_AT));
    if (!zip64 && largest > ZipEnd.MAX_OFFSET) {
      throw ZipFault.tooLarge("The entry " + name + " is ZIP64");
    }
  }

  /** Holds the local header (APPNOTE §4.3.7) against the central one and finds the end. */
  private ZipEntry located(Window locals, Bytes rawName, boolean zip64) {
    String what = "The local header of " + name;
    Fields local = new Fields(locals.at(headerAt, LOCAL_HEADER + rawName.size(), what));
    boolean same =
        local.u32(0) == LOCAL_SIGNATURE
            && local.u16(8) == method
            && ((local.u16(6) ^ flags) & (ENCRYPTED | DESCRIPTOR | STRONGLY_ENCRYPTED | MASKED))
                == 0
            && local.u16(26) == rawName.size()
            && local.data().slice(LOCAL_HEADER, LOCAL_HEADER + rawName.size()).equals(rawName)
            && sameOrLater(local.u32(14), crc)
            && sameSizes(local, locals, rawName.size());
    if (!same) {
      throw ZipFault.malformed(
          "%s at offset %d does not agree with the central directory".formatted(what, headerAt));
    }
    if (method == STORED && compressed != size) {
      throw ZipFault.malformed("The entry " + name + " is stored, but has two sizes");
    }
    if (folder() && size != 0) {
      throw ZipFault.malformed("The folder " + name + " has content");
    }
    long data = headerAt + LOCAL_HEADER + rawName.size() + local.u16(28);
    long end = data + compressed;
    return at(data, described() ? end + descriptor(locals, end, zip64) : end);
  }

  private boolean sameSizes(Fields local, Window locals, int nameLength) {
    long localCompressed = local.u32(18);
    long localSize = local.u32(22);
    if (Math.max(localCompressed, localSize) == Zip64Field.NONE
        && local.u16(28) <= MAX_LOCAL_EXTRA) {
      String what = "The local header of " + name;
      Bytes extra = locals.at(headerAt + LOCAL_HEADER + nameLength, local.u16(28), what);
      var field = Zip64Field.of(new Fields(extra), localSize, localCompressed, 0, what);
      localCompressed = field.compressed();
      localSize = field.size();
    }
    return sameOrLater(localCompressed, compressed) && sameOrLater(localSize, size);
  }

  /** With a data descriptor the local header may leave it to that. */
  private boolean sameOrLater(long local, long central) {
    return local == central || (described() && local == 0);
  }

  /**
   * APPNOTE §4.3.9: three fields, and mostly a signature before them. MakeAppx writes sizes of
   * eight bytes whatever they are, so the longest that agrees is taken; what follows a shorter one
   * begins with a signature, which no longer one has there.
   */
  private int descriptor(Window locals, long at, boolean zip64) {
    for (int sizes = zip64 ? Long.BYTES : Integer.BYTES; sizes >= Integer.BYTES; sizes /= 2) {
      for (int skip : new int[] {4, 0}) {
        int length = skip + 4 + 2 * sizes;
        if (locals.has(at, length) && agrees(descriptorAt(locals, at, length), skip, sizes)) {
          return length;
        }
      }
    }
    throw ZipFault.malformed(
        "The data descriptor of %s at offset %d does not agree with the central directory"
            .formatted(name, at));
  }

  private Fields descriptorAt(Window locals, long at, int length) {
    return new Fields(locals.at(at, length, "The data descriptor of " + name));
  }

  private boolean agrees(Fields descriptor, int skip, int sizes) {
    boolean wideSizes = sizes == Long.BYTES;
    int at = skip + 4;
    return (skip == 0 || descriptor.u32(0) == DESCRIPTOR_SIGNATURE)
        && descriptor.u32(skip) == crc
        && (wideSizes ? descriptor.u64(at) : descriptor.u32(at)) == compressed
        && (wideSizes ? descriptor.u64(at + sizes) : descriptor.u32(at + sizes)) == size;
  }

  private ZipEntry at(long data, long end) {
    return new ZipEntry(
        name,
        flags,
        method,
        crc,
        compressed,
        size,
        attributes,
        headerAt,
        data,
        end,
        directoryAt,
        directoryLength,
        offsetAt,
        wide);
  }
}
