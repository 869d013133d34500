// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.bytes.Bytes;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Names of entries (APPNOTE §4.4.17): relative, with forward slashes, below the folder. */
public final class ZipName {
  /** Bytes. Windows takes 260 characters, Linux 4,096 bytes a path. */
  static final int MAX_LENGTH = 1024;

  /** A drive, a path from the root, or a step that is none or goes up. */
  private static final Pattern UNSAFE =
      Pattern.compile("^[A-Za-z]:|^/|(^|/)\\.{1,2}(/|$)|//|[\\\\\\x00-\\x1f\\x7f]");

  private ZipName() {}

  /**
   * Decodes a name.
   *
   * @param utf8 whether the entry says it is UTF-8; if not, it may be and mostly is
   */
  static String of(Bytes raw, boolean utf8, long at) {
    String name;
    try {
      name = StandardCharsets.UTF_8.newDecoder().decode(raw.asBuffer()).toString();
    } catch (CharacterCodingException e) {
      if (utf8) {
        throw ZipFault.malformed("The name of the entry at offset " + at + " is not UTF-8");
      }
      // some code page that nobody knows: every byte a character keeps different names different
      name = new String(raw.toArray(), StandardCharsets.ISO_8859_1);
    }
    if (!safe(name)) {
      throw ZipFault.malformed(
          "The entry at offset %d has the name \"%s\", which leaves the archive or is not portable"
              .formatted(at, printable(name)));
    }
    return name;
  }

  /** Whether the name stays below the folder, wherever it is unpacked. */
  public static boolean safe(String name) {
    return !name.isEmpty() && !UNSAFE.matcher(name).find();
  }

  private static String printable(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }
}
