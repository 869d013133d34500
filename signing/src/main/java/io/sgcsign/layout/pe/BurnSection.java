// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeHeader.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code .wixburn} of a WiX bundle (BURN_SECTION_HEADER of burn/engine/section.cpp),
 * which says where its engine ends and its containers begin.
 *
 * @param at its offset in the file
 * @param stub bytes of the program, behind which the first container lies
 * @param checksum of the engine's header when it was signed
 * @param signatureAt offset of the engine's certificate table; 0: it has none
 * @param signatureSize bytes of that table
 * @param containers bytes of each; the first belongs to the engine
 */
record BurnSection(
    long at,
    long stub,
    long checksum,
    long signatureAt,
    long signatureSize,
    List<Long> containers) {
  static final String NAME = ".wixburn";

  /** Where checksum, offset and size of the engine's signature stand, 12 bytes. */
  static final int ORIGINAL_AT = 28;

  static final int ORIGINAL_SIZE = 12;

  private static final long MAGIC = 0x00f1_4300L;
  private static final long VERSION = 2;
  private static final long CABINET = 1;
  private static final int COUNT_AT = 44;
  private static final int SIZES_AT = 48;

  /** A section of 512 bytes has room for 116; bundles have up to ten. */
  private static final int MAX_CONTAINERS = 1000;

  BurnSection {
    containers = List.copyOf(containers);
  }

  /** Whether these headers have such a section. */
  static boolean in(PeHeader header) {
    return header.sections().stream().anyMatch(s -> s.name().equals(NAME));
  }

  /** Reads the section, if there is one. */
  static Optional<BurnSection> find(Artifact artifact, PeHeader header) {
    List<Section> found = header.sections().stream().filter(s -> s.name().equals(NAME)).toList();
    if (found.size() > 1) {
      throw PeFault.malformed("The file has two sections " + NAME);
    }
    return found.stream().findFirst().map(section -> read(artifact, section));
  }

  private static BurnSection read(Artifact artifact, Section section) {
    long at = section.rawOffset();
    if (at == 0 || section.rawSize() < SIZES_AT + Integer.BYTES) {
      throw PeFault.malformed("The section " + NAME + " is too short for what a bundle needs");
    }
    var head = Words.at(artifact, at, SIZES_AT, "section " + NAME);
    long count = head.u32(COUNT_AT);
    if (head.u32(0) != MAGIC || head.u32(4) != VERSION || head.u32(40) != CABINET) {
      throw PeFault.malformed(
          "The section %s at offset %d is not of a bundle of WiX 3 or later".formatted(NAME, at));
    }
    if (count > MAX_CONTAINERS || count > (section.rawSize() - SIZES_AT) / Integer.BYTES) {
      throw PeFault.malformed(
          "The section %s at offset %d claims %d containers, more than it can list"
              .formatted(NAME, at, count));
    }
    int length = (int) count * Integer.BYTES;
    var sizes = new Words(artifact.read(at + SIZES_AT, length), at + SIZES_AT);
    var containers = new ArrayList<Long>();
    for (int i = 0; i < count; i++) {
      containers.add(sizes.u32(i * Integer.BYTES));
    }
    return new BurnSection(at, head.u32(24), head.u32(28), head.u32(32), head.u32(36), containers);
  }

  /** Bytes of the engine without a signature: the program and the first container. */
  long bareEngine() {
    return stub + (containers.isEmpty() ? 0 : containers.getFirst());
  }

  /** Where the engine ends: its signature included. */
  long engineEnd() {
    return signatureAt > 0 ? signatureAt + signatureSize : bareEngine();
  }

  /** Bytes of all containers behind the engine. */
  long attached() {
    return containers.stream().skip(1).mapToLong(Long::longValue).sum();
  }

  /** What the section says of a signature of the engine. */
  static Bytes original(long checksum, long signatureAt, long signatureSize) {
    byte[] out = new byte[ORIGINAL_SIZE];
    Words.putU32(out, 0, checksum);
    Words.putU32(out, 4, signatureAt);
    Words.putU32(out, 8, signatureSize);
    return Bytes.wrap(out);
  }
}
