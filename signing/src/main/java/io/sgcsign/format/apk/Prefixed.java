// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what APK signature schemes are made of: little-endian numbers and byte strings with their
 * length before them. Not thread-safe.
 */
final class Prefixed {
  private final ByteBuffer buffer;

  Prefixed(Bytes bytes) {
    this.buffer = bytes.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  boolean ended() {
    return !buffer.hasRemaining();
  }

  int number() {
    if (buffer.remaining() < Integer.BYTES) {
      throw malformed("ends inside a number");
    }
    return buffer.getInt();
  }

  Bytes string() {
    int length = number();
    if (length < 0 || length > buffer.remaining()) {
      throw malformed("has a part of " + length + " bytes with " + buffer.remaining() + " left");
    }
    byte[] out = new byte[length];
    buffer.get(out);
    return Bytes.wrap(out);
  }

  /** The strings inside a string. */
  List<Bytes> strings() {
    var inside = new Prefixed(string());
    var out = new ArrayList<Bytes>();
    while (!inside.ended()) {
      out.add(inside.string());
    }
    return out;
  }

  Bytes rest() {
    byte[] out = new byte[buffer.remaining()];
    buffer.get(out);
    return Bytes.wrap(out);
  }

  static ArtifactException malformed(String what) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        "An APK signature " + what,
        "Sign the APK again, and check that nothing changed it afterwards.");
  }
}
