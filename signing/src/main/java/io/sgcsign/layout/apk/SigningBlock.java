// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.apk;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The APK Signing Block (source.android.com, "APK Signature Scheme v2"): pairs of an ID and a value
 * between the entries of the archive and its central directory.
 *
 * @param start its offset
 * @param end where the central directory begins
 */
public record SigningBlock(long start, long end, List<Pair> pairs) {
  /** "APK Sig Block 42". */
  private static final Bytes MAGIC = Bytes.utf8("APK Sig Block 42");

  private static final int SIZE_FIELD = 8;
  private static final int FOOTER = SIZE_FIELD + 16;

  /** Bytes. Signatures take 10 KiB; stores and padding add a little. */
  private static final int MAX_SIZE = 4 << 20;

  private static final int MAX_PAIRS = 64;

  public SigningBlock {
    pairs = List.copyOf(pairs);
  }

  /** What stands under an ID. */
  public record Pair(int id, Bytes value) {}

  /**
   * Reads the block that ends where the central directory begins.
   *
   * @return empty if there is none
   * @throws ArtifactException if there is a damaged one
   */
  public static Optional<SigningBlock> before(Artifact artifact, long directoryAt) {
    if (directoryAt < SIZE_FIELD + FOOTER
        || !artifact.read(directoryAt - MAGIC.size(), MAGIC.size()).equals(MAGIC)) {
      return Optional.empty();
    }
    long size = buffer(artifact.read(directoryAt - FOOTER, SIZE_FIELD)).getLong();
    if (size < FOOTER || size > MAX_SIZE || size + SIZE_FIELD > directoryAt) {
      throw malformed("says it has " + size + " bytes", directoryAt - FOOTER);
    }
    long start = directoryAt - size - SIZE_FIELD;
    ByteBuffer block = buffer(artifact.read(start, (int) size + SIZE_FIELD));
    if (block.getLong() != size) {
      throw malformed("names two sizes", start);
    }
    block.limit(block.limit() - FOOTER);
    var pairs = new ArrayList<Pair>();
    while (block.hasRemaining()) {
      pairs.add(pair(block, start));
    }
    if (pairs.size() > MAX_PAIRS
        || pairs.stream().map(Pair::id).distinct().count() < pairs.size()) {
      throw malformed("has one ID twice or more than " + MAX_PAIRS, start);
    }
    return Optional.of(new SigningBlock(start, directoryAt, pairs));
  }

  private static Pair pair(ByteBuffer block, long start) {
    long at = start + block.position();
    if (block.remaining() < SIZE_FIELD + Integer.BYTES) {
      throw malformed("has a pair that is cut off", at);
    }
    long length = block.getLong();
    if (length < Integer.BYTES || length > block.remaining()) {
      throw malformed("has a pair of " + length + " bytes", at);
    }
    int id = block.getInt();
    byte[] value = new byte[(int) length - Integer.BYTES];
    block.get(value);
    return new Pair(id, Bytes.wrap(value));
  }

  private static ByteBuffer buffer(Bytes bytes) {
    return bytes.asBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ArtifactException malformed(String what, long at) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        "The APK Signing Block " + what + " at offset " + at,
        "Build the APK again and check that nothing changed it afterwards.");
  }

  public Optional<Bytes> value(int id) {
    return pairs.stream().filter(p -> p.id() == id).map(Pair::value).findFirst();
  }
}
