// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.cab.CabBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes bundles as WiX's BurnWriter lays them out, and finds in them what Burn itself would find:
 * written after burn/engine/section.cpp and cache.cpp, without our own reader.
 */
public final class BurnBuilder {
  private static final int SECTIONS = 3;
  private static final int SECTION = 1024;

  private final PeBuilder program = PeBuilder.x64().sections(SECTIONS, SECTION);
  private Bytes ux = CabBuilder.of(700).build();
  private List<Bytes> attached = List.of(CabBuilder.of(9_001).build(), CabBuilder.of(30).build());

  private BurnBuilder() {}

  /** A bundle with two containers behind its engine. */
  public static BurnBuilder bundle() {
    return new BurnBuilder();
  }

  /** An engine whose length is no multiple of 8. */
  public BurnBuilder odd() {
    ux = CabBuilder.of(701).build();
    return this;
  }

  public BurnBuilder attached(List<Bytes> containers) {
    attached = List.copyOf(containers);
    return this;
  }

  public List<Bytes> containers() {
    return attached;
  }

  /** Where the last section of the program, which is {@code .wixburn}, has its data. */
  public int sectionAt() {
    return program.build().size() - SECTION;
  }

  /** The program without any container. */
  private Bytes stub() {
    byte[] out = program.build().toArray();
    var file = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
    file.put(
        program.sectionTableAt() + 40 * (SECTIONS - 1),
        ".wixburn".getBytes(StandardCharsets.US_ASCII));
    int at = sectionAt();
    file.put(at, new byte[SECTION]);
    file.putInt(at, 0x00f14300).putInt(at + 4, 2).putInt(at + 24, out.length).putInt(at + 40, 1);
    file.putInt(at + 44, 1 + attached.size()).putInt(at + 48, ux.size());
    for (int i = 0; i < attached.size(); i++) {
      file.putInt(at + 52 + 4 * i, attached.get(i).size());
    }
    return Bytes.wrap(out);
  }

  /** The engine as {@code wix burn detach} takes it off. */
  public Bytes engine() {
    return Bytes.concat(stub(), ux);
  }

  public Bytes build() {
    var parts = new ArrayList<Bytes>();
    parts.add(engine());
    parts.addAll(attached);
    return Bytes.concat(parts.toArray(Bytes[]::new));
  }

  /** The bundle with another value in {@code .wixburn}. */
  public Bytes with(int offset, long value) {
    return PeBuilder.u32(build(), sectionAt() + offset, value);
  }

  /** SectionInitialize: where the engine ends. */
  private long engineEnd(Bytes file) {
    var words = ByteBuffer.wrap(file.toArray()).order(ByteOrder.LITTLE_ENDIAN);
    int at = sectionAt();
    int entry = program.certificateEntryAt();
    if (words.getInt(at + 32) != 0) {
      return (long) words.getInt(at + 32) + words.getInt(at + 36);
    }
    return words.getInt(entry) == 0
        ? (long) words.getInt(at + 24) + words.getInt(at + 48)
        : (long) words.getInt(entry) + words.getInt(entry + 4);
  }

  /** SectionGetAttachedContainerInfo: what Burn takes for its containers. */
  public List<Bytes> found(Bytes file) {
    var out = new ArrayList<Bytes>();
    long at = engineEnd(file);
    for (Bytes container : attached) {
      long end = Math.min(at + container.size(), file.size());
      out.add(file.slice((int) Math.min(at, file.size()), (int) end));
      at += container.size();
    }
    return out;
  }

  /** CopyEngineWithSignatureFixup: the engine in the package cache. */
  public Bytes cached(Bytes file) {
    byte[] out = file.slice(0, (int) engineEnd(file)).toArray();
    var words = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
    int at = sectionAt();
    if (words.getInt(at + 32) != 0) {
      words.putInt(program.checksumAt(), words.getInt(at + 28));
      words.putInt(program.certificateEntryAt(), words.getInt(at + 32));
      words.putInt(program.certificateEntryAt() + 4, words.getInt(at + 36));
      words.put(at + 28, new byte[12]);
    }
    return Bytes.wrap(out);
  }

  /** {@code wix burn reattach}: the containers behind a signed engine (BurnWriter). */
  public Bytes reattached(Bytes signedEngine) {
    byte[] out = signedEngine.toArray();
    var words = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
    int at = sectionAt();
    words.putInt(at + 28, words.getInt(program.checksumAt()));
    words.putInt(at + 32, words.getInt(program.certificateEntryAt()));
    words.putInt(at + 36, words.getInt(program.certificateEntryAt() + 4));
    words.putInt(program.checksumAt(), 0);
    words.putLong(program.certificateEntryAt(), 0);
    var parts = new ArrayList<Bytes>();
    parts.add(Bytes.wrap(out));
    parts.addAll(attached);
    return Bytes.concat(parts.toArray(Bytes[]::new));
  }
}
