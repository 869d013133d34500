// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.layout.pe.PeHeader.Section;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The resources of an image (Microsoft PE/COFF specification, "The .rsrc Section"): directories of
 * types, names and languages. They are walked exactly three levels down, whatever the offsets say,
 * so that a directory that holds itself leads nowhere.
 */
final class Resources {
  /** RT_VERSION. */
  static final int VERSION = 16;

  private static final int RESOURCE_DIRECTORY = 2;
  private static final int CERTIFICATE_DIRECTORY = 4;
  private static final int DIRECTORY_SIZE = 8;

  private static final int HEAD = 16;
  private static final int ENTRY = 8;
  private static final int DATA_ENTRY = 16;
  private static final long FLAG = 0x8000_0000L;

  /** Entries of one directory; large programs have some thousand icons. */
  private static final int MAX_ENTRIES = 65_536;

  /** Bytes. The structures inside say their length in 16 bits. */
  private static final int MAX_DATA = 65_536;

  private final Artifact artifact;
  private final Section section;
  private final long root;

  private Resources(Artifact artifact, Section section, long root) {
    this.artifact = artifact;
    this.section = section;
    this.root = root;
  }

  /** Empty: the image has none. */
  static Optional<Resources> of(PeFile file) {
    PeHeader header = file.header();
    long entry =
        header.directoryOffset() - (CERTIFICATE_DIRECTORY - RESOURCE_DIRECTORY) * DIRECTORY_SIZE;
    var directory = Words.at(file.artifact(), entry, DIRECTORY_SIZE, "data directory");
    long address = directory.u32(0);
    if (address == 0 || directory.u32(4) == 0) {
      return Optional.empty();
    }
    Section section =
        header.sections().stream()
            .filter(s -> s.rawOffset() > 0)
            .filter(s -> address >= s.address() && address - s.address() < s.rawSize())
            .findFirst()
            .orElseThrow(() ->
                PeFault.malformed(
                    "The resources at address " + address + " lie in none of the sections"));
    return Optional.of(
        new Resources(file.artifact(), section, section.rawOffset() + address - section.address()));
  }

  /** The first resource of a type, whatever its name and language. */
  Optional<Words> first(int type) {
    OptionalLong names = find(root, type);
    if (names.isEmpty()) {
      return Optional.empty();
    }
    long languages = root + below(pointer(root + below(names.getAsLong()), 0));
    long data = root + entry(pointer(languages, 0));
    var leaf = words(data, DATA_ENTRY, "resource");
    long at = section.rawOffset() + leaf.u32(0) - section.address();
    long size = leaf.u32(4);
    if (size > MAX_DATA) {
      throw PeFault.malformed("The resource at offset " + at + " claims " + size + " bytes");
    }
    return Optional.of(words(at, (int) size, "resource"));
  }

  /** Where the entry with this number points, among those that have numbers and not names. */
  private OptionalLong find(long directory, int number) {
    var head = words(directory, HEAD, "resource directory");
    int named = head.u16(12);
    int count = head.u16(14);
    if (named + count > MAX_ENTRIES) {
      throw PeFault.malformed(
          "The resource directory at offset " + directory + " claims too many entries");
    }
    var entries =
        words(
            directory + HEAD + (long) named * ENTRY, count * ENTRY, "resource directory's entries");
    for (int i = 0; i < count; i++) {
      if (entries.u32(i * ENTRY) == number) {
        return OptionalLong.of(entries.u32(i * ENTRY + 4));
      }
    }
    return OptionalLong.empty();
  }

  /** Where an entry of a directory points. */
  private long pointer(long directory, int index) {
    var head = words(directory, HEAD, "resource directory");
    if (index >= head.u16(12) + head.u16(14)) {
      throw PeFault.malformed("The resource directory at offset " + directory + " is empty");
    }
    return words(directory + HEAD + (long) index * ENTRY, ENTRY, "resource directory's entry")
        .u32(4);
  }

  /** The offset of the directory that an entry names. */
  private static long below(long pointer) {
    if ((pointer & FLAG) == 0) {
      throw PeFault.malformed("A resource stands where a directory of resources should");
    }
    return pointer & ~FLAG;
  }

  /** The offset of the resource that an entry names. */
  private static long entry(long pointer) {
    if ((pointer & FLAG) != 0) {
      throw PeFault.malformed("The resources have more than three levels");
    }
    return pointer;
  }

  /** Fields within the section, which ends within the file. */
  private Words words(long at, int length, String what) {
    if (at < section.rawOffset() || at > section.end() - length) {
      throw PeFault.malformed(
          "The %s at offset %d is not within its section, which ends at %d"
              .formatted(what, at, section.end()));
    }
    return Words.at(artifact, at, length, what);
  }
}
