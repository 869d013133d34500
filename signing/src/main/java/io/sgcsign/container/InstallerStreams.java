// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.container;

import io.sgcsign.layout.cfb.CompoundFile;
import io.sgcsign.layout.cfb.Storage;

/** The streams of a Windows Installer package, under the names Windows Installer shows. */
final class InstallerStreams {
  /** Two characters of 64 in one; then one in one; then the mark of a table. */
  private static final int PAIRS = 0x3800;

  private static final int SINGLES = 0x4800;
  private static final int TABLE = 0x4840;
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._";

  private InstallerStreams() {}

  static void each(CompoundFile file, Storage storage, String path, Container.Visitor visitor) {
    for (Storage child : storage.children()) {
      String name = path + name(child.entry().text());
      if (child.entry().stream()) {
        file.stream(child.entry(), visitor.begin(name));
        visitor.end();
      } else {
        each(file, child, name + "/", visitor);
      }
    }
  }

  /** Streams have at most 31 characters, so Windows Installer packs two of its own into one. */
  static String name(String packed) {
    var out = new StringBuilder();
    for (int i = 0; i < packed.length(); i++) {
      char c = packed.charAt(i);
      if (c >= PAIRS && c < SINGLES) {
        out.append(ALPHABET.charAt((c - PAIRS) & 63)).append(ALPHABET.charAt((c - PAIRS) >> 6));
      } else if (c >= SINGLES && c < TABLE) {
        out.append(ALPHABET.charAt(c - SINGLES));
      } else if (c == TABLE) {
        out.append('!');
      } else {
        out.append(Character.isISOControl(c) ? '?' : c);
      }
    }
    return out.toString();
  }
}
