// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Patch.Piece;
import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArtifactTest {
  private static final int SIZE = 3 * Artifact.STEP + 7;

  @TempDir Path folder;

  private static Bytes noise() {
    byte[] noise = new byte[SIZE];
    new Random(20_261_121).nextBytes(noise);
    return Bytes.wrap(noise);
  }

  private FileChannel channel(String name) throws IOException {
    return FileChannel.open(
        folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** A change of a changed file, with pieces of nothing. */
  private static Artifact changed(Artifact artifact) {
    var first =
        Patch.of(
            new Piece.Range(5, 0),
            new Piece.Literal(Bytes.utf8("head")),
            new Piece.Range(11, SIZE - 20),
            new Piece.Literal(Bytes.EMPTY),
            new Piece.Literal(Bytes.wrap(new byte[2 * Artifact.STEP])),
            new Piece.Range(0, 9));
    var second =
        Patch.of(new Piece.Range(2, SIZE + Artifact.STEP), new Piece.Literal(Bytes.utf8("tail")));
    return artifact.with(first).with(second);
  }

  @Test
  void copiesToAFileWhatItStreams() throws IOException {
    Path file = folder.resolve("in");
    Files.write(file, noise().toArray());
    for (Artifact below : new Artifact[] {Artifact.of(noise()), Artifact.open(file)}) {
      try (Artifact artifact = changed(below);
          FileChannel out = channel("out")) {
        var streamed = new ByteArrayOutputStream();
        artifact.writeTo(streamed);
        artifact.copyTo(out);
        assertThat(folder.resolve("out")).hasBinaryContent(streamed.toByteArray());
        assertThat(streamed.size()).isEqualTo(artifact.size());
        artifact.copyTo(1, 3, out);
        assertThat(Files.size(folder.resolve("out"))).isEqualTo(artifact.size() + 3);
      }
      Files.delete(folder.resolve("out"));
    }
  }

  @Test
  void neverCopiesLessThanItWasAskedFor() throws IOException {
    Path file = folder.resolve("in");
    Files.write(file, noise().toArray());
    try (Artifact open = Artifact.open(file);
        FileChannel out = channel("out")) {
      for (Artifact artifact : new Artifact[] {open, Artifact.of(noise()), changed(open)}) {
        assertThatThrownBy(() -> artifact.copyTo(3, artifact.size(), out))
            .isInstanceOfSatisfying(
                ArtifactException.class,
                e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-TRUNCATED"));
      }
    }
  }
}
