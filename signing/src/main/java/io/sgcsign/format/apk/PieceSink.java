// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import com.android.apksig.util.DataSink;
import com.android.apksig.util.DataSource;
import com.android.apksig.util.ReadableDataSink;
import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.artifact.Patch.Piece;
import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes what apksig writes as pieces of a patch: what comes from the original stays there, so the
 * memory needed does not grow with the APK. Not thread-safe while it is written.
 */
final class PieceSink implements ReadableDataSink {
  private final Artifact original;
  private final List<Piece> pieces = new ArrayList<>();
  private long size;

  PieceSink(Artifact original) {
    this.original = original;
  }

  @SuppressWarnings("ReferenceEquality") // equal content could be gigabytes; the same is meant
  boolean patches(Artifact artifact) {
    return artifact == original;
  }

  void range(long offset, long length) {
    size += length;
    if (!pieces.isEmpty()
        && pieces.getLast() instanceof Piece.Range(long last, long before)
        && last + before == offset) {
      pieces.set(pieces.size() - 1, new Piece.Range(last, before + length));
    } else if (length > 0) {
      pieces.add(new Piece.Range(offset, length));
    }
  }

  @Override
  public void consume(byte[] buffer, int offset, int length) {
    size += length;
    pieces.add(new Piece.Literal(Bytes.of(buffer, offset, length)));
  }

  @Override
  public void consume(ByteBuffer buffer) {
    byte[] out = new byte[buffer.remaining()];
    buffer.get(out);
    consume(out, 0, out.length);
  }

  Patch patch() {
    return new Patch(pieces);
  }

  private DataSource written() {
    return ArtifactSource.of(original.with(patch()));
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void feed(long offset, long length, DataSink sink) throws IOException {
    written().feed(offset, length, sink);
  }

  @Override
  public ByteBuffer getByteBuffer(long offset, int length) throws IOException {
    return written().getByteBuffer(offset, length);
  }

  @Override
  public void copyTo(long offset, int length, ByteBuffer target) throws IOException {
    written().copyTo(offset, length, target);
  }

  @Override
  public DataSource slice(long offset, long length) {
    return written().slice(offset, length);
  }
}
