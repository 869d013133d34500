// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cab;

import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Cabinets of stored files, byte by byte as MS-CAB §2 says; one folder a file. */
public final class CabBuilder {
  /** Bytes of a data block at most. */
  private static final int BLOCK = 32_768;

  private final byte[][] files;
  private int reserve;
  private boolean compressed;

  private CabBuilder(byte[][] files) {
    this.files = files;
  }

  /** A cabinet with files of these sizes. */
  public static CabBuilder of(int... sizes) {
    var files = new byte[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      files[i] = new byte[sizes[i]];
      for (int n = 0; n < sizes[i]; n++) {
        files[i][n] = (byte) (n * 31 + i);
      }
    }
    return new CabBuilder(files);
  }

  /** A cabinet with these files. */
  public static CabBuilder holding(Bytes... files) {
    return new CabBuilder(Arrays.stream(files).map(Bytes::toArray).toArray(byte[][]::new));
  }

  /** Reserves bytes of the header, filled with zeros. */
  public CabBuilder reserving(int bytes) {
    reserve = bytes;
    return this;
  }

  /** Deflates every block on its own: MSZIP that makes no use of its window. */
  public CabBuilder compressed() {
    compressed = true;
    return this;
  }

  private byte[] packed(byte[] file, int at, int length) {
    if (!compressed) {
      return Arrays.copyOfRange(file, at, at + length);
    }
    var out = new ByteArrayOutputStream();
    out.writeBytes("CK".getBytes(StandardCharsets.US_ASCII));
    try (var deflater = new Deflater(9, true)) {
      deflater.setInput(file, at, length);
      deflater.finish();
      byte[] buffer = new byte[2 * BLOCK];
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    return out.toByteArray();
  }

  public Bytes build() {
    int extra = reserve == 0 ? 0 : 4 + reserve;
    int filesAt = 36 + extra + 8 * files.length;
    var entries = new ByteArrayOutputStream();
    for (int i = 0; i < files.length; i++) {
      byte[] name = ("file" + i + ".bin").getBytes(StandardCharsets.US_ASCII);
      var entry = little(16 + name.length + 1);
      entry.putInt(files[i].length).putInt(0).putShort((short) i);
      entry.putShort((short) 0x5975).putShort((short) 0x6000).putShort((short) 0x20).put(name);
      entry.put((byte) 0);
      write(entries, entry);
    }
    var data = new ByteArrayOutputStream();
    var folders = little(8 * files.length);
    for (byte[] file : files) {
      folders.putInt(filesAt + entries.size() + data.size());
      int blocks = 0;
      for (int at = 0; at < file.length; at += BLOCK, blocks++) {
        int length = Math.min(BLOCK, file.length - at);
        byte[] packed = packed(file, at, length);
        write(data, little(8).putInt(0).putShort((short) packed.length).putShort((short) length));
        data.writeBytes(packed);
      }
      folders.putShort((short) blocks).putShort((short) (compressed ? 1 : 0));
    }
    int size = filesAt + entries.size() + data.size();
    var header = little(36 + extra);
    header.put("MSCF".getBytes(StandardCharsets.US_ASCII)).putInt(0).putInt(size).putInt(0);
    header.putInt(filesAt).putInt(0).put((byte) 3).put((byte) 1);
    header.putShort((short) files.length).putShort((short) files.length);
    header.putShort((short) (reserve == 0 ? 0 : 4)).putShort((short) 0x1234).putShort((short) 0);
    if (reserve > 0) {
      header.putShort((short) reserve);
    }
    var out = new ByteArrayOutputStream();
    write(out, header);
    write(out, folders);
    out.writeBytes(entries.toByteArray());
    out.writeBytes(data.toByteArray());
    return Bytes.wrap(out.toByteArray());
  }

  private static void write(ByteArrayOutputStream out, ByteBuffer structure) {
    byte[] bytes = new byte[structure.capacity()];
    structure.rewind().get(bytes);
    out.writeBytes(bytes);
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
