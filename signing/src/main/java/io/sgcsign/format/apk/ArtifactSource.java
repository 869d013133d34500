// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import com.android.apksig.util.DataSink;
import com.android.apksig.util.DataSource;
import io.sgcsign.artifact.Artifact;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A part of an artifact as apksig reads it; what a {@link PieceSink} takes of it is not copied. */
record ArtifactSource(Artifact artifact, long from, long size) implements DataSource {
  static ArtifactSource of(Artifact artifact) {
    return new ArtifactSource(artifact, 0, artifact.size());
  }

  @Override
  public void feed(long offset, long length, DataSink sink) throws IOException {
    check(offset, length);
    if (sink instanceof PieceSink pieces && pieces.patches(artifact)) {
      pieces.range(from + offset, length);
      return;
    }
    byte[] step = new byte[(int) Math.min(Artifact.STEP, length)];
    for (long at = 0; at < length; at += step.length) {
      int some = (int) Math.min(step.length, length - at);
      artifact.read(from + offset + at, step, 0, some);
      sink.consume(step, 0, some);
    }
  }

  @Override
  public ByteBuffer getByteBuffer(long offset, int length) {
    check(offset, length);
    return ByteBuffer.wrap(artifact.read(from + offset, length).toArray());
  }

  @Override
  public void copyTo(long offset, int length, ByteBuffer target) {
    target.put(getByteBuffer(offset, length));
  }

  @Override
  public DataSource slice(long offset, long length) {
    check(offset, length);
    return new ArtifactSource(artifact, from + offset, length);
  }

  private void check(long offset, long length) {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw Artifact.truncated(from + offset, length, from + size);
    }
  }
}
