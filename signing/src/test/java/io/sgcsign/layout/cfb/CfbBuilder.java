// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes compound files from scratch, after MS-CFB and with none of the code under test: streams
 * first, then mini stream, mini FAT, directory, FAT and DIFAT.
 */
public final class CfbBuilder {
  public static final Bytes MSI = Bytes.fromHex("84100c0000000000c000000000000046");
  private static final int FREE = -1;
  private static final int END = -2;

  private final int version;
  private final Node root = new Node("Root Entry", 5, Bytes.EMPTY, 0);
  private final Deque<Node> open = new ArrayDeque<>(List.of(root));
  private boolean scattered;
  private boolean balanced;

  private static final class Node {
    final String name;
    final int type;
    final Bytes content;
    final long size;
    final List<Node> children = new ArrayList<>();
    Bytes classId = Bytes.wrap(new byte[16]);
    int id;
    int left = FREE;
    int right = FREE;
    int child = FREE;
    int start = END;
    boolean red;

    Node(String name, int type, Bytes content, long size) {
      this.name = name;
      this.type = type;
      this.content = content;
      this.size = size;
    }
  }

  private CfbBuilder(int version) {
    this.version = version;
    root.classId = MSI;
  }

  public static CfbBuilder version(int version) {
    return new CfbBuilder(version);
  }

  /** A small package: mini streams, large streams, a storage in a storage. */
  public static CfbBuilder sample(int version) {
    var random = new Random(7);
    var builder =
        version(version).stream("\u0005SummaryInformation", bytes(random, 200)).stream(
            "\u4840\u3f3f\u4577\u446c", bytes(random, 5000))
            .stream("\u4840\u3f7f\u4164", bytes(random, 64))
            .stream("Empty", Bytes.EMPTY);
    return builder.storage("MST", Bytes.fromHex("82100c0000000000c000000000000046")).stream(
        "inner", bytes(random, 4096))
        .storage("Deeper", MSI)
        .stream("innermost", bytes(random, 63))
        .end()
        .end()
        .stream("Cabinet.cab", bytes(random, 40_000));
  }

  public static Bytes bytes(Random random, int length) {
    byte[] out = new byte[length];
    random.nextBytes(out);
    return Bytes.wrap(out);
  }

  public CfbBuilder stream(String name, Bytes content) {
    open.element().children.add(new Node(name, 2, content, content.size()));
    return this;
  }

  /** A stream of zeros, which takes no room in a sparse file. */
  public CfbBuilder zeros(String name, long size) {
    open.element().children.add(new Node(name, 2, Bytes.EMPTY, size));
    return this;
  }

  public CfbBuilder storage(String name, Bytes classId) {
    var node = new Node(name, 1, Bytes.EMPTY, 0);
    node.classId = classId;
    open.element().children.add(node);
    open.push(node);
    return this;
  }

  public CfbBuilder end() {
    open.pop();
    return this;
  }

  public CfbBuilder rootClass(Bytes classId) {
    root.classId = classId;
    return this;
  }

  /** Chains run backwards through the file. */
  public CfbBuilder scattered() {
    scattered = true;
    return this;
  }

  /** A red-black tree; otherwise one all black and as deep as it has nodes. */
  public CfbBuilder balanced() {
    balanced = true;
    return this;
  }

  public Bytes build() {
    var layout = new Layout();
    byte[] out = new byte[Math.toIntExact(layout.size())];
    layout.parts.forEach((at, part) -> System.arraycopy(part, 0, out, at.intValue(), part.length));
    return Bytes.wrap(out);
  }

  /** Writes a sparse file. */
  public Path write(Path target) throws IOException {
    var layout = new Layout();
    try (var channel =
        FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (var part : layout.parts.entrySet()) {
        channel.write(ByteBuffer.wrap(part.getValue()), part.getKey());
      }
      channel.write(ByteBuffer.wrap(new byte[1]), layout.size() - 1);
    }
    return target;
  }

  static int compare(String a, String b) {
    return a.length() != b.length()
        ? Integer.compare(a.length(), b.length())
        : a.toUpperCase(java.util.Locale.ROOT).compareTo(b.toUpperCase(java.util.Locale.ROOT));
  }

  /** One placement of everything. */
  private final class Layout {
    private final int sector = version == 3 ? 512 : 4096;
    private final Map<Long, byte[]> parts = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private int[] fat = new int[1024];
    private int count;

    Layout() {
      Arrays.fill(fat, FREE);
      number(root);
      List<Node> small = new ArrayList<>();
      for (Node node : nodes) {
        if (node.type == 2 && node.size >= 4096) {
          node.start = place(node.content, node.size);
        } else if (node.type == 2 && node.size > 0) {
          small.add(node);
        }
      }
      byte[] headerBytes = new byte[512];
      ByteBuffer header = header(headerBytes, version);
      long miniSize = mini(small, header);
      header.putInt(0x30, directory(miniSize));
      if (version == 4) {
        header.putInt(0x28, (nodes.size() * 128 + sector - 1) / sector);
      }
      tables(header);
      parts.put(0L, headerBytes);
    }

    long size() {
      return (count + 1L) * sector;
    }

    private void number(Node node) {
      node.id = nodes.size();
      nodes.add(node);
      node.children.forEach(this::number);
      List<Node> sorted = new ArrayList<>(node.children);
      sorted.sort((a, b) -> compare(a.name, b.name));
      node.child = tree(sorted, 0, 31 - Integer.numberOfLeadingZeros(sorted.size() + 1));
    }

    private int tree(List<Node> sorted, int level, int redLevel) {
      if (sorted.isEmpty()) {
        return FREE;
      }
      int middle = balanced ? sorted.size() / 2 : 0;
      Node top = sorted.get(middle);
      top.left = tree(sorted.subList(0, middle), level + 1, redLevel);
      top.right = tree(sorted.subList(middle + 1, sorted.size()), level + 1, redLevel);
      top.red = balanced && level == redLevel;
      return top.id;
    }

    private int take(int mark) {
      if (count == fat.length) {
        fat = Arrays.copyOf(fat, 2 * count);
        Arrays.fill(fat, count, fat.length, FREE);
      }
      if (version == 4 && count == 0x7fffe) {
        fat[count++] = END; // the range lock
        return take(mark);
      }
      fat[count] = mark;
      return count++;
    }

    private int place(Bytes content, long size) {
      int n = (int) ((size + sector - 1) / sector);
      int[] chain = new int[n];
      // osslsigncode takes a chain that goes on in sector 0 for a broken one
      boolean backwards = scattered && count > 0;
      for (int i = 0; i < n; i++) {
        chain[backwards ? n - 1 - i : i] = take(END);
      }
      for (int i = 0; i + 1 < n; i++) {
        fat[chain[i]] = chain[i + 1];
      }
      for (int i = 0; i < n && i * sector < content.size(); i++) {
        int end = Math.min(content.size(), (i + 1) * sector);
        parts.put((chain[i] + 1L) * sector, content.slice(i * sector, end).toArray());
      }
      return n == 0 ? END : chain[0];
    }

    private static ByteBuffer header(byte[] bytes, int version) {
      ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      out.putLong(0, 0xe11ab1a1e011cfd0L);
      out.putShort(0x18, (short) 0x3e).putShort(0x1a, (short) version);
      out.putShort(0x1c, (short) 0xfffe).putShort(0x1e, (short) (version == 3 ? 9 : 12));
      out.putShort(0x20, (short) 6).putInt(0x38, 4096);
      return out.putInt(0x3c, END).putInt(0x44, END);
    }

    private long mini(List<Node> small, ByteBuffer header) {
      int[] table = new int[small.stream().mapToInt(n -> (int) (n.size + 63) / 64).sum()];
      byte[] data = new byte[table.length * 64];
      int at = 0;
      for (Node node : small) {
        int n = (int) (node.size + 63) / 64;
        boolean backwards = scattered && at > 0;
        for (int i = 0; i < n; i++) {
          int here = backwards ? at + n - 1 - i : at + i;
          int next = backwards ? here - 1 : here + 1;
          table[here] = i + 1 < n ? next : END;
          int end = Math.min(node.content.size(), (i + 1) * 64);
          byte[] piece = node.content.slice(i * 64, end).toArray();
          System.arraycopy(piece, 0, data, here * 64, piece.length);
        }
        node.start = backwards ? at + n - 1 : at;
        at += n;
      }
      root.start = place(Bytes.of(data), data.length);
      if (table.length > 0) {
        byte[] bytes = words(table, table.length);
        header.putInt(0x3c, place(Bytes.of(bytes), bytes.length));
        header.putInt(0x40, bytes.length / sector);
      }
      return data.length;
    }

    /** Numbers in whole sectors, the rest FREE. */
    private byte[] words(int[] values, int length) {
      int size = (length * 4 + sector - 1) / sector * sector;
      ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < size / 4; i++) {
        out.putInt(i < length ? values[i] : FREE);
      }
      return out.array();
    }

    private int directory(long miniSize) {
      int size = (nodes.size() * 128 + sector - 1) / sector * sector;
      ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < size; at += 128) {
        out.putInt(at + 68, FREE).putInt(at + 72, FREE).putInt(at + 76, FREE);
      }
      for (Node node : nodes) {
        int at = node.id * 128;
        byte[] name = node.name.getBytes(StandardCharsets.UTF_16LE);
        out.put(at, name).putShort(at + 64, (short) (name.length + 2));
        out.put(at + 66, (byte) node.type).put(at + 67, (byte) (node.red ? 0 : 1));
        out.putInt(at + 68, node.left).putInt(at + 72, node.right).putInt(at + 76, node.child);
        out.put(at + 80, node.classId.toArray());
        if (node.type == 1) {
          out.putInt(at + 96, 77).putLong(at + 100, 0x01d0_0000_0000_0000L + node.id);
        }
        out.putInt(at + 116, node.start);
        out.putLong(at + 120, node.type == 5 ? miniSize : node.size);
      }
      return place(Bytes.of(out.array()), size);
    }

    private void tables(ByteBuffer header) {
      int per = sector / 4;
      int fats = 0;
      int difats = 0;
      while ((count + fats + difats + (version == 4 ? 1 : 0) + per - 1) / per > fats) {
        fats++;
        difats = Math.max(0, (fats - 109 + per - 2) / (per - 1));
      }
      int[] fatAt = new int[fats];
      for (int i = 0; i < fats; i++) {
        fatAt[i] = take(-3);
      }
      int[] difatAt = new int[difats];
      for (int i = 0; i < difats; i++) {
        difatAt[i] = take(-4);
      }
      for (int i = 0; i < 109; i++) {
        header.putInt(0x4c + 4 * i, i < fats ? fatAt[i] : FREE);
      }
      for (int d = 0; d < difats; d++) {
        int[] words = new int[per];
        Arrays.fill(words, FREE);
        for (int i = 0; i < per - 1 && 109 + d * (per - 1) + i < fats; i++) {
          words[i] = fatAt[109 + d * (per - 1) + i];
        }
        words[per - 1] = d + 1 < difats ? difatAt[d + 1] : END;
        parts.put((difatAt[d] + 1L) * sector, words(words, per));
      }
      byte[] all = words(Arrays.copyOf(fat, Math.max(count, 1)), count);
      for (int i = 0; i < fats; i++) {
        int from = i * sector;
        byte[] part = from < all.length ? Arrays.copyOfRange(all, from, from + sector) : filled();
        parts.put((fatAt[i] + 1L) * sector, part);
      }
      header.putInt(0x2c, fats);
      if (difats > 0) {
        header.putInt(0x44, difatAt[0]);
        header.putInt(0x48, difats);
      }
    }

    private byte[] filled() {
      byte[] out = new byte[sector];
      Arrays.fill(out, (byte) 0xff);
      return out;
    }
  }
}
