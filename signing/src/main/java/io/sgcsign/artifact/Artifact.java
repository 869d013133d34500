// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.artifact;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file to be signed: a size and random access to its bytes. Reads are thread-safe.
 *
 * <p>An I/O failure of the medium itself (not bad content) is an {@link UncheckedIOException}.
 */
public sealed interface Artifact extends AutoCloseable
    permits MemoryArtifact, FileArtifact, OverlayArtifact {

  /** Size of a step when a file is streamed: fits the L2 cache, measured best on JDK 25. */
  int STEP = 64 * 1024;

  long size();

  /**
   * Reads exactly {@code length} bytes from {@code position}.
   *
   * @throws ArtifactException {@code SGC-ARTIFACT-TRUNCATED} if the artifact ends before
   */
  void read(long position, byte[] target, int offset, int length);

  /** Closing an overlay closes what lies below. */
  @Override
  void close();

  static Artifact of(Bytes content) {
    return new MemoryArtifact(content);
  }

  /** Opens {@code file} for reading. */
  static Artifact open(Path file) throws IOException {
    return FileArtifact.of(FileChannel.open(file, StandardOpenOption.READ));
  }

  /** Opens {@code file} for reading and deletes it when the artifact is closed. */
  static Artifact openAndDelete(Path file) throws IOException {
    return FileArtifact.of(
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE));
  }

  default Bytes read(long position, int length) {
    if (length < 0 || position < 0 || position > size() - length) {
      throw truncated(position, length, size());
    }
    byte[] out = new byte[length];
    read(position, out, 0, length);
    return Bytes.wrap(out);
  }

  /** What this artifact becomes when {@code patch} is applied: a view, nothing is copied. */
  default Artifact with(Patch patch) {
    return new OverlayArtifact(this, patch);
  }

  /** Hands the bytes from {@code from} to {@code to} (exclusive) to {@code sink}, in steps. */
  default void stream(long from, long to, Sink sink) {
    byte[] buffer = new byte[(int) Math.min(STEP, Math.max(to - from, 0))];
    for (long at = from; at < to; ) {
      int step = (int) Math.min(buffer.length, to - at);
      read(at, buffer, 0, step);
      sink.accept(buffer, 0, step);
      at += step;
    }
  }

  default Digest digest(DigestAlgorithm algorithm) {
    var digest = algorithm.newMessageDigest();
    stream(0, size(), digest::update);
    return new Digest(algorithm, Bytes.wrap(digest.digest()));
  }

  default void writeTo(OutputStream out) throws IOException {
    try {
      stream(
          0,
          size(),
          (buffer, offset, length) -> {
            try {
              out.write(buffer, offset, length);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Appends everything to a file. */
  default void copyTo(FileChannel out) throws IOException {
    copyTo(0, size(), out);
  }

  /**
   * Appends {@code length} bytes from {@code position} to a file; what lies in a file itself goes
   * there within the kernel.
   *
   * @throws ArtifactException {@code SGC-ARTIFACT-TRUNCATED} if the artifact ends before
   */
  default void copyTo(long position, long length, FileChannel out) throws IOException {
    byte[] buffer = new byte[(int) Math.min(STEP, length)];
    for (long done = 0; done < length; ) {
      var step = ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, length - done));
      read(position + done, buffer, 0, step.limit());
      done += step.limit();
      while (step.hasRemaining()) {
        out.write(step);
      }
    }
  }

  /** Receives bytes in order. The buffer is reused: copy what must stay. */
  @FunctionalInterface
  interface Sink {
    void accept(byte[] buffer, int offset, int length);
  }

  static ArtifactException truncated(long position, long length, long size) {
    return ArtifactException.truncated(
        "Wanted " + length + " bytes at offset " + position + ", but the file has " + size);
  }
}

/** In memory. */
record MemoryArtifact(Bytes content) implements Artifact {
  @Override
  public long size() {
    return content.size();
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) {
    if (position < 0 || position > size() - length) {
      throw Artifact.truncated(position, length, size());
    }
    content.copyTo((int) position, target, offset, length);
  }

  @Override
  public void close() {
    // memory needs no closing
  }
}

/**
 * In a file, read by position.
 *
 * @param size when it was opened: some ask for it with every sector, and it is a system call
 */
record FileArtifact(FileChannel channel, long size) implements Artifact {
  static FileArtifact of(FileChannel channel) throws IOException {
    try {
      return new FileArtifact(channel, channel.size());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) {
    try {
      var buffer = ByteBuffer.wrap(target, offset, length);
      long at = position;
      while (buffer.hasRemaining()) {
        int n = at < 0 ? -1 : channel.read(buffer, at);
        if (n < 0) {
          throw Artifact.truncated(position, length, size());
        }
        at += n;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void copyTo(long position, long length, FileChannel out) throws IOException {
    for (long done = 0; done < length; ) {
      long n = channel.transferTo(position + done, length - done, out);
      if (n <= 0) {
        throw Artifact.truncated(position, length, size());
      }
      done += n;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
