// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Makes PE files byte by byte, valid ones and, through {@link #u32}, broken ones. Not runnable: see
 * {@code SampleProgram} for that.
 */
public final class PeBuilder {
  public static final int I386 = 0x14c;
  public static final int AMD64 = 0x8664;
  public static final int ARM64 = 0xaa64;
  public static final int CONSOLE = 3;
  public static final int EFI_APPLICATION = 10;
  private static final int E_LFANEW = 0x80;
  private static final int FILE_ALIGNMENT = 512;
  private static final int PAGE = 4096;

  private int machine = AMD64;
  private int subsystem = CONSOLE;
  private int sections = 2;
  private int sectionSize = FILE_ALIGNMENT;
  private int overlay;
  private long checksum;
  private long seed = 1;

  public static PeBuilder x64() {
    return new PeBuilder();
  }

  public static PeBuilder x86() {
    return x64().machine(I386);
  }

  public static PeBuilder arm64() {
    return x64().machine(ARM64);
  }

  public static PeBuilder efi() {
    return x64().subsystem(EFI_APPLICATION);
  }

  public PeBuilder machine(int value) {
    machine = value;
    return this;
  }

  public PeBuilder subsystem(int value) {
    subsystem = value;
    return this;
  }

  /** How many sections, and bytes of each in the file: a multiple of 512. */
  public PeBuilder sections(int count, int size) {
    sections = count;
    sectionSize = size;
    return this;
  }

  /** Bytes behind the last section; an odd number gives a file of odd length. */
  public PeBuilder overlay(int size) {
    overlay = size;
    return this;
  }

  /** What stands in the CheckSum field. */
  public PeBuilder checksum(long value) {
    checksum = value;
    return this;
  }

  /** Another seed gives another content. */
  public PeBuilder seed(long value) {
    seed = value;
    return this;
  }

  public boolean plus() {
    return machine != I386;
  }

  public int optionalHeaderAt() {
    return E_LFANEW + 24;
  }

  public int checksumAt() {
    return optionalHeaderAt() + 64;
  }

  /** File offset of the data directory's entry of the certificate table. */
  public int certificateEntryAt() {
    return optionalHeaderAt() + (plus() ? 112 : 96) + 4 * 8;
  }

  public int sectionTableAt() {
    return optionalHeaderAt() + optionalSize();
  }

  private int optionalSize() {
    return plus() ? 240 : 224;
  }

  private int headersSize() {
    int end = sectionTableAt() + 40 * sections;
    return (end + FILE_ALIGNMENT - 1) / FILE_ALIGNMENT * FILE_ALIGNMENT;
  }

  public Bytes build() {
    var file =
        ByteBuffer.allocate(headersSize() + sections * sectionSize + overlay)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, "MZ".getBytes(StandardCharsets.US_ASCII)).putInt(0x3c, E_LFANEW);
    file.put(E_LFANEW, "PE\0\0".getBytes(StandardCharsets.US_ASCII));
    file.putShort(E_LFANEW + 4, (short) machine)
        .putShort(E_LFANEW + 6, (short) sections)
        .putShort(E_LFANEW + 20, (short) optionalSize())
        .putShort(E_LFANEW + 22, (short) 0x22);
    optionalHeader(file);
    var random = new Random(seed);
    for (int i = 0; i < sections; i++) {
      section(file, i);
    }
    byte[] content = new byte[file.capacity() - headersSize()];
    random.nextBytes(content);
    file.put(headersSize(), content);
    return Bytes.wrap(file.array());
  }

  private void optionalHeader(ByteBuffer file) {
    int at = optionalHeaderAt();
    file.putShort(at, (short) (plus() ? 0x20b : 0x10b))
        .putInt(at + 16, PAGE)
        .putInt(at + 32, PAGE)
        .putInt(at + 36, FILE_ALIGNMENT)
        .putShort(at + 48, (short) 6)
        .putInt(at + 56, PAGE * (1 + sections * ((sectionSize + PAGE - 1) / PAGE)))
        .putInt(at + 60, headersSize())
        .putInt(at + 64, (int) checksum)
        .putShort(at + 68, (short) subsystem)
        .putInt(at + (plus() ? 108 : 92), 16);
  }

  private void section(ByteBuffer file, int index) {
    int at = sectionTableAt() + 40 * index;
    file.put(at, (".s" + index).getBytes(StandardCharsets.US_ASCII))
        .putInt(at + 8, sectionSize)
        .putInt(at + 12, PAGE * (1 + index * ((sectionSize + PAGE - 1) / PAGE)))
        .putInt(at + 16, sectionSize)
        .putInt(at + 20, headersSize() + index * sectionSize)
        .putInt(at + 36, 0x60000020);
  }

  /** {@code file} with a little-endian 32-bit field changed. */
  public static Bytes u32(Bytes file, int at, long value) {
    byte[] out = file.toArray();
    ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putInt(at, (int) value);
    return Bytes.wrap(out);
  }

  /** {@code file} with a little-endian 16-bit field changed. */
  public static Bytes u16(Bytes file, int at, int value) {
    byte[] out = file.toArray();
    ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) value);
    return Bytes.wrap(out);
  }

  /** {@code file} padded, with {@code table} behind it as its certificate table. */
  public Bytes withTable(Bytes file, Bytes table) {
    Bytes padded = Bytes.concat(file, Bytes.wrap(new byte[-file.size() & 7]));
    Bytes located = u32(padded, certificateEntryAt(), padded.size());
    return Bytes.concat(u32(located, certificateEntryAt() + 4, table.size()), table);
  }

  /** A WIN_CERTIFICATE of PKCS#7 with these lengths and content. */
  public static Bytes entry(long length, Bytes content) {
    return Bytes.concat(u32(u32(Bytes.wrap(new byte[8]), 0, length), 4, 0x0002_0200), content);
  }
}
