// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells scripts by content as far as that goes: by a signature block, or an XML root. */
public final class ScriptSniff {
  /** Bytes looked at from the beginning. */
  private static final int HEAD = 8 * 1024;

  private final TextEncoding encoding;
  private final Map<ScriptStyle, LineFinder> finders = new EnumMap<>(ScriptStyle.class);
  private final Set<ScriptStyle> found = EnumSet.noneOf(ScriptStyle.class);
  private int held = -1;

  /** Whether the line can still be one of those looked for. */
  private boolean matching = true;

  private ScriptSniff(TextEncoding encoding) {
    this.encoding = encoding;
    for (ScriptStyle style : ScriptStyle.values()) {
      if (!style.inside()) { // its first line is no proof: any XML can have it
        finders.put(style, new LineFinder(style.first()));
      }
    }
  }

  /** Whether the file begins as text in an encoding that scripts have. */
  public static boolean text(Artifact artifact) {
    Optional<TextEncoding> marked = TextEncoding.marked(artifact);
    int mark = marked.map(TextEncoding::markSize).orElse(0);
    String head = head(artifact);
    return artifact.size() > mark && head.indexOf('\0') < 0;
  }

  private static String head(Artifact artifact) {
    TextEncoding encoding = TextEncoding.marked(artifact).orElse(TextEncoding.WINDOWS_1252);
    int size = (int) Math.min(HEAD, artifact.size() - encoding.markSize());
    Bytes head = artifact.read(encoding.markSize(), size - size % encoding.unit());
    return encoding.decode(head);
  }

  /** How the file's signature block is written; empty: it has none. */
  public static Optional<ScriptStyle> style(Artifact artifact) {
    if (!text(artifact)) {
      return Optional.empty();
    }
    if (windowsScript(head(artifact))) {
      return Optional.of(ScriptStyle.WSF);
    }
    TextEncoding encoding = TextEncoding.marked(artifact).orElse(TextEncoding.WINDOWS_1252);
    var sniff = new ScriptSniff(encoding);
    artifact.stream(encoding.markSize(), artifact.size(), sniff::accept);
    sniff.character('\n');
    return sniff.found.stream().findFirst();
  }

  private void accept(byte[] buffer, int offset, int length) {
    if (!found.isEmpty()) {
      return;
    }
    int end = offset + length;
    for (int i = skip(buffer, offset, end); i < end; i = skip(buffer, i + 1, end)) {
      int octet = buffer[i] & 0xff;
      if (encoding.unit() == 1) {
        character(octet);
      } else if (held < 0) {
        held = octet;
      } else {
        character(encoding.littleEndian() ? (octet << 8) | held : (held << 8) | octet);
        held = -1;
      }
    }
  }

  /** Passes over what is in no line that is looked for. */
  private int skip(byte[] buffer, int from, int end) {
    if (held >= 0 || matching) {
      return from;
    }
    return encoding.unit() == 1
        ? PlainText.skip(buffer, from, end, 0)
        : PlainText.skipUnits(buffer, from, end, 0, encoding.littleEndian());
  }

  private void character(int c) {
    if (c == '\n') {
      finders.forEach((style, finder) -> {
        if (finder.end() && found.isEmpty()) {
          found.add(style);
        }
      });
      matching = true;
    } else if (matching) {
      matching = false;
      for (LineFinder finder : finders.values()) {
        finder.feed(c);
        matching |= !finder.lost();
      }
    }
  }

  /** Whether the root is a job, or a package of jobs. */
  private static boolean windowsScript(String head) {
    String rest = head.stripLeading();
    while (rest.startsWith("<?") || rest.startsWith("<!--")) {
      String close = rest.startsWith("<?") ? "?>" : "-->";
      int end = rest.indexOf(close);
      if (end < 0) {
        return false;
      }
      rest = rest.substring(end + close.length()).stripLeading();
    }
    return rest.startsWith("<job>")
        || rest.startsWith("<job ")
        || (rest.startsWith("<package") && (rest.contains("<job>") || rest.contains("<job ")));
  }
}
