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
  private final String subject;

  Prefixed(Bytes bytes) {
    this(bytes, "An APK signature");
  }

  /**
   * @param subject what is read, as errors name it
   */
  Prefixed(Bytes bytes, String subject) {
    this.buffer = bytes.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
    this.subject = subject;
  }

  boolean ended() {
    return !buffer.hasRemaining();
  }

  /** Bytes read so far. */
  int at() {
    return buffer.position();
  }

  int octet() {
    return need(1).get();
  }

  int number() {
    return need(Integer.BYTES).getInt();
  }

  long wide() {
    return need(Long.BYTES).getLong();
  }

  private ByteBuffer need(int bytes) {
    if (buffer.remaining() < bytes) {
      throw malformed(subject, "ends inside a number");
    }
    return buffer;
  }

  Bytes string() {
    int length = number();
    if (length < 0 || length > buffer.remaining()) {
      throw malformed(
          subject, "has a part of " + length + " bytes with " + buffer.remaining() + " left");
    }
    byte[] out = new byte[length];
    buffer.get(out);
    return Bytes.wrap(out);
  }

  /** The strings inside a string. */
  List<Bytes> strings() {
    var inside = new Prefixed(string(), subject);
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
    return malformed("An APK signature", what);
  }

  static ArtifactException malformed(String subject, String what) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        subject + " " + what,
        "Sign the APK again, and check that nothing changed it afterwards.");
  }
}
