// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A version resource (VS_VERSIONINFO): what a program says of itself. Nothing else vouches for it.
 *
 * @param fileVersion four numbers with dots, out of the fixed part
 * @param strings the first table of texts: OriginalFilename, ProductName …
 */
public record VersionInfo(String fileVersion, Map<String, String> strings) {
  private static final long FIXED_MARK = 0xfeef_04bdL;
  private static final int FIXED_SIZE = 52;
  private static final int NODE_HEAD = 6;

  public VersionInfo {
    strings = Collections.unmodifiableMap(new TreeMap<>(strings));
  }

  /** A text that says something; without what pads it. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(strings.get(name)).map(String::strip).filter(t -> !t.isEmpty());
  }

  /**
   * A structure of the resource: head, key, value, and more of them.
   *
   * @param valueAt where the value begins
   * @param valueSize bytes of it, or characters if it is text
   * @param end where the whole ends
   */
  private record Node(String key, int valueAt, int valueSize, int end) {
    /** The structure at {@code at}, which must end at {@code limit}; empty: there is none. */
    static Optional<Node> at(Words words, int at, int limit) {
      if (at > limit - NODE_HEAD || words.u16(at) < NODE_HEAD) {
        return Optional.empty(); // what is left is padding
      }
      int end = at + words.u16(at);
      if (end > limit) {
        throw PeFault.malformed(
            "A structure at offset %d of the version resource claims %d bytes; %d are left"
                .formatted(words.base() + at, words.u16(at), limit - at));
      }
      String key = VersionInfo.text(words, at + NODE_HEAD, end);
      int value = aligned(at + NODE_HEAD + 2 * (key.length() + 1));
      return Optional.of(new Node(key, Math.min(value, end), words.u16(at + 2), end));
    }
  }

  /** Empty: it has no fixed part, and so no version. */
  static Optional<VersionInfo> parse(Words words) {
    Optional<Node> root =
        Node.at(words, 0, words.data().size()).filter(n -> n.key().equals("VS_VERSION_INFO"));
    if (root.isEmpty()) {
      throw PeFault.malformed(
          "The version resource at offset " + words.base() + " does not begin like one");
    }
    int at = root.get().valueAt();
    int end = root.get().end();
    if (root.get().valueSize() < FIXED_SIZE
        || at > end - FIXED_SIZE
        || words.u32(at) != FIXED_MARK) {
      return Optional.empty();
    }
    String version =
        "%d.%d.%d.%d"
            .formatted(
                words.u16(at + 10), words.u16(at + 8), words.u16(at + 14), words.u16(at + 12));
    var strings = new TreeMap<String, String>();
    child(words, aligned(at + root.get().valueSize()), end, "StringFileInfo")
        .flatMap(info -> Node.at(words, info.valueAt(), info.end()))
        .ifPresent(table -> read(words, table, strings));
    return Optional.of(new VersionInfo(version, strings));
  }

  private static Optional<Node> child(Words words, int from, int limit, String key) {
    int at = from;
    for (var node = Node.at(words, at, limit); node.isPresent(); node = Node.at(words, at, limit)) {
      if (node.get().key().equals(key)) {
        return node;
      }
      at = aligned(node.get().end());
    }
    return Optional.empty();
  }

  /** The length of a text is said in characters by some compilers, in bytes by others. */
  private static void read(Words words, Node table, Map<String, String> strings) {
    int at = table.valueAt();
    for (var node = Node.at(words, at, table.end());
        node.isPresent();
        node = Node.at(words, at, table.end())) {
      String value =
          node.get().valueSize() == 0 ? "" : text(words, node.get().valueAt(), node.get().end());
      strings.putIfAbsent(node.get().key(), value);
      at = aligned(node.get().end());
    }
  }

  /** UTF-16 up to a zero or the end. */
  private static String text(Words words, int from, int limit) {
    int to = from;
    while (to + 1 < limit && words.u16(to) != 0) {
      to += 2;
    }
    return new String(words.data().slice(from, to).toArray(), StandardCharsets.UTF_16LE);
  }

  /** To four bytes, counted from the beginning of the resource. */
  private static int aligned(int at) {
    return (at + 3) & ~3;
  }
}
