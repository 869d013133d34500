// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.appx;

import io.sgcsign.layout.zip.ZipName;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Names of files in a package: entries have them percent-encoded, the block map does not. */
final class PartName {
  private PartName() {}

  /**
   * The name of the file that an entry holds.
   *
   * @throws io.sgcsign.artifact.ArtifactException if it leaves the package
   */
  static String decode(String entry) {
    String name = entry.indexOf('%') < 0 ? entry : unescape(entry);
    if (!ZipName.safe(name)) {
      throw AppxFault.malformed("The entry " + entry + " has a name that leaves the package");
    }
    return name;
  }

  private static String unescape(String entry) {
    byte[] raw = entry.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[raw.length];
    int length = 0;
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '%') {
        int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
        int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw AppxFault.malformed(
              "The entry " + entry + " has a percent sign that encodes nothing");
        }
        out[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        out[length++] = raw[i];
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(out, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw AppxFault.malformed("The entry " + entry + " encodes what is not UTF-8");
    }
  }
}
