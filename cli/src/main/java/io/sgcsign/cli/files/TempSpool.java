// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.files;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.container.Spool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps small files in memory and others in a folder for what is temporary. */
public final class TempSpool implements Spool {
  /** Bytes. Nearly all libraries and tools fit. */
  private static final int IN_MEMORY = 4 * 1024 * 1024;

  private final Path folder;
  private final TempFiles temps;

  public TempSpool(Path folder, TempFiles temps) {
    this.folder = folder;
    this.temps = temps;
  }

  @Override
  public Draft begin() {
    return new TempDraft();
  }

  private final class TempDraft implements Draft {
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable Path file;
    private @Nullable FileChannel channel;

    @Override
    public void accept(byte[] buffer, int offset, int length) {
      try {
        if (channel == null && memory.size() + length > IN_MEMORY) {
          channel = move();
        }
        if (channel == null) {
          memory.write(buffer, offset, length);
        } else {
          write(channel, ByteBuffer.wrap(buffer, offset, length));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private FileChannel move() throws IOException {
      Path begun = temps.begin(folder);
      file = begun;
      var opened = FileChannel.open(begun, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      write(opened, ByteBuffer.wrap(memory.toByteArray()));
      memory = new ByteArrayOutputStream(0);
      return opened;
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public Artifact finish() {
      if (channel == null || file == null) {
        return Artifact.of(Bytes.wrap(memory.toByteArray()));
      }
      try {
        channel.close();
        return Artifact.open(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      Path made = file;
      if (made != null) {
        try {
          if (channel != null) {
            channel.close();
          }
          Files.deleteIfExists(made);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } finally {
          temps.end(made);
          file = null;
        }
      }
    }
  }
}
