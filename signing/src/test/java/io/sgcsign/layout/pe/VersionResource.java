// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Programs with a version resource, made byte by byte. */
public final class VersionResource {
  private static final PeBuilder PE = PeBuilder.x64().sections(2, 8192);
  private static final int SECTION = 1;
  private static final int FLAG = 0x8000_0000;

  /** Where the parts stand, from the beginning of the resources. */
  public static final int NAMES = 24;

  public static final int LANGUAGES = 48;
  public static final int DATA_ENTRY = 72;
  public static final int DATA = 88;

  private VersionResource() {}

  private static int row() {
    return PE.sectionTableAt() + 40 * SECTION;
  }

  private static int u32(Bytes file, int at) {
    return ByteBuffer.wrap(file.toArray()).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  /** File offset of the resources in {@link #program}. */
  public static int at(Bytes program) {
    return u32(program, row() + 20);
  }

  /** File offset of the data directory's entry of the resources. */
  public static int directoryEntryAt() {
    return PE.certificateEntryAt() - 16;
  }

  /** A program that says all this of itself. */
  public static Bytes program(String version, Map<String, String> strings) {
    return program(data(version, strings));
  }

  /** A program with these bytes as its version resource. */
  public static Bytes program(Bytes data) {
    Bytes bare = PE.build();
    int address = u32(bare, row() + 12);
    byte[] file = bare.toArray();
    var out = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(directoryEntryAt(), address).putInt(directoryEntryAt() + 4, DATA + data.size());
    int root = at(bare);
    Arrays.fill(file, root, root + 8192, (byte) 0);
    directory(out, root, Resources.VERSION, FLAG | NAMES);
    directory(out, root + NAMES, 1, FLAG | LANGUAGES);
    directory(out, root + LANGUAGES, 0x409, DATA_ENTRY);
    out.putInt(root + DATA_ENTRY, address + DATA).putInt(root + DATA_ENTRY + 4, data.size());
    out.put(root + DATA, data.toArray());
    return Bytes.wrap(file);
  }

  private static void directory(ByteBuffer out, int at, int id, int pointer) {
    out.putShort(at + 14, (short) 1).putInt(at + 16, id).putInt(at + 20, pointer);
  }

  /** A VS_VERSIONINFO. */
  public static Bytes data(String version, Map<String, String> strings) {
    String[] parts = version.split("\\.", -1);
    var fixed = ByteBuffer.allocate(52).order(ByteOrder.LITTLE_ENDIAN);
    fixed.putInt(0xfeef04bd).putInt(0x10000);
    for (int i : new int[] {1, 0, 3, 2}) {
      fixed.putShort((short) Integer.parseInt(parts[i]));
    }
    var texts = new ArrayList<Bytes>();
    strings.forEach((key, value) -> {
      Bytes text = Bytes.wrap((value + "\0").getBytes(StandardCharsets.UTF_16LE));
      texts.add(node(key, text, value.length() + 1, List.of()));
    });
    Bytes table = node("040904b0", Bytes.EMPTY, 0, texts);
    Bytes info = node("StringFileInfo", Bytes.EMPTY, 0, List.of(table));
    Bytes before = node("VarFileInfo", Bytes.EMPTY, 0, List.of());
    return node("VS_VERSION_INFO", Bytes.wrap(fixed.array()), 52, List.of(before, info));
  }

  private static Bytes node(String key, Bytes value, int valueSize, List<Bytes> children) {
    Bytes head =
        Bytes.concat(
            Bytes.wrap(new byte[6]), Bytes.wrap((key + "\0").getBytes(StandardCharsets.UTF_16LE)));
    Bytes all = Bytes.concat(padded(head), value);
    for (Bytes child : children) {
      all = Bytes.concat(padded(all), child);
    }
    byte[] out = all.toArray();
    ByteBuffer.wrap(out)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) out.length)
        .putShort((short) valueSize)
        .putShort((short) (children.isEmpty() && valueSize != 52 ? 1 : 0));
    return Bytes.wrap(out);
  }

  private static Bytes padded(Bytes bytes) {
    return Bytes.concat(bytes, Bytes.wrap(new byte[-bytes.size() & 3]));
  }
}
