// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.artifact.Artifact;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What signing needs of the headers (Microsoft PE/COFF specification, "File Headers").
 *
 * @param machine IMAGE_FILE_MACHINE_…
 * @param plus PE32+ (64-bit) and not PE32
 * @param subsystem IMAGE_SUBSYSTEM_…
 * @param checksum the CheckSum field as it stands
 * @param checksumOffset where that field lies in the file
 * @param directoryOffset where the entry of the certificate table lies, data directory 4
 * @param tableOffset file offset of the certificate table; 0: none
 * @param tableSize its size in bytes; 0: none
 * @param sectionAlignment alignment of sections in memory
 * @param sizeOfHeaders bytes of all headers, rounded up to the file alignment
 */
public record PeHeader(
    int machine,
    boolean plus,
    int subsystem,
    long checksum,
    long checksumOffset,
    long directoryOffset,
    long tableOffset,
    long tableSize,
    long sectionAlignment,
    long sizeOfHeaders,
    List<Section> sections) {
  private static final int DOS_SIZE = 64;
  private static final int DOS_E_LFANEW = 0x3c;
  private static final int COFF_SIZE = 24; // with the four bytes "PE\0\0"
  private static final int MAGIC_PE32 = 0x10b;
  private static final int MAGIC_PE32_PLUS = 0x20b;
  private static final int OPTIONAL_CHECKSUM = 64;
  private static final int CERTIFICATE_DIRECTORY = 4;
  private static final int DIRECTORY_SIZE = 8;
  private static final int SECTION_SIZE = 40;
  private static final int FIRST_EFI_SUBSYSTEM = 10; // IMAGE_SUBSYSTEM_EFI_APPLICATION
  private static final int LAST_EFI_SUBSYSTEM = 13; // IMAGE_SUBSYSTEM_EFI_ROM

  public PeHeader {
    sections = List.copyOf(sections);
  }

  /**
   * A row of the section table.
   *
   * @param address VirtualAddress, to which the image's own pointers are relative
   * @param rawOffset PointerToRawData; 0: nothing in the file
   * @param rawSize SizeOfRawData
   */
  public record Section(String name, long address, long rawOffset, long rawSize) {
    long end() {
      return rawOffset == 0 ? 0 : rawOffset + rawSize;
    }
  }

  /** Whether UEFI firmware loads it: such files carry several signatures side by side. */
  public boolean efi() {
    return subsystem >= FIRST_EFI_SUBSYSTEM && subsystem <= LAST_EFI_SUBSYSTEM;
  }

  /** Offset of the "PE\0\0" mark; empty content or another kind of file is refused. */
  static long find(Artifact artifact) {
    if (artifact.size() == 0) {
      throw PeFault.empty();
    }
    if (artifact.size() < 2 || new Words(artifact.read(0, 2), 0).u16(0) != 0x5a4d) {
      throw PeFault.unrecognised("The file does not begin with \"MZ\": it is no PE file");
    }
    var dos = Words.at(artifact, 0, DOS_SIZE, "DOS header");
    long at = dos.u32(DOS_E_LFANEW);
    if (at < 4
        || at > artifact.size() - 4
        || new Words(artifact.read(at, 4), at).u32(0) != 0x4550) {
      throw PeFault.unrecognised(
          "No PE header at offset " + at + ": a DOS program, or the file was cut there");
    }
    return at;
  }

  static PeHeader parse(Artifact artifact) {
    long at = find(artifact);
    var coff = Words.at(artifact, at, COFF_SIZE, "COFF header");
    int optionalSize = coff.u16(20);
    long optionalAt = at + COFF_SIZE;
    var optional = Words.at(artifact, optionalAt, optionalSize, "optional header");
    boolean plus = plus(optional, optionalSize);
    int directories = plus ? 112 : 96;
    int entry = directories + CERTIFICATE_DIRECTORY * DIRECTORY_SIZE;
    if (optionalSize < entry + DIRECTORY_SIZE
        || optional.u32(directories - 4) <= CERTIFICATE_DIRECTORY) {
      throw PeFault.malformed(
          "The optional header at offset "
              + optionalAt
              + " has no place for a certificate table (data directory 4)");
    }
    return new PeHeader(
        coff.u16(4),
        plus,
        optional.u16(68),
        optional.u32(OPTIONAL_CHECKSUM),
        optionalAt + OPTIONAL_CHECKSUM,
        optionalAt + entry,
        optional.u32(entry + 4) == 0 ? 0 : optional.u32(entry),
        optional.u32(entry + 4),
        optional.u32(32),
        optional.u32(60),
        sections(artifact, optionalAt + optionalSize, coff.u16(6)));
  }

  private static boolean plus(Words optional, int size) {
    int magic = size < 2 ? 0 : optional.u16(0);
    if (magic != MAGIC_PE32 && magic != MAGIC_PE32_PLUS) {
      throw PeFault.malformed(
          "The optional header at offset "
              + optional.base()
              + " is neither PE32 nor PE32+ (magic 0x"
              + Integer.toHexString(magic)
              + ")");
    }
    if (size < OPTIONAL_CHECKSUM + 32) {
      throw PeFault.malformed(
          "The optional header at offset " + optional.base() + " has only " + size + " bytes");
    }
    return magic == MAGIC_PE32_PLUS;
  }

  private static List<Section> sections(Artifact artifact, long at, int count) {
    var table = Words.at(artifact, at, count * SECTION_SIZE, "section table");
    var sections = new ArrayList<Section>(count);
    for (int i = 0; i < count; i++) {
      int row = i * SECTION_SIZE;
      sections.add(
          new Section(
              name(table, row), table.u32(row + 12), table.u32(row + 20), table.u32(row + 16)));
    }
    return sections;
  }

  private static String name(Words table, int row) {
    String padded =
        new String(table.data().slice(row, row + 8).toArray(), StandardCharsets.ISO_8859_1);
    int end = padded.indexOf('\0');
    return end < 0 ? padded : padded.substring(0, end);
  }
}
