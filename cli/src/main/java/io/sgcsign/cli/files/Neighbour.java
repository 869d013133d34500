// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.files;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.format.SignatureFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file that lies beside a signed one and belongs to it, as an {@code .idsig} to an APK.
 *
 * @param artifact empty: there is none
 */
public record Neighbour(Optional<Artifact> artifact) implements AutoCloseable {

  /** Where it has its place. */
  static Path place(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** The one of a file of this format, if it is there. */
  public static Optional<Path> find(SignatureFormat format, Path file) {
    return format.companion().map(s -> place(file, s)).filter(Files::isRegularFile);
  }

  /** The same, opened. */
  public static Neighbour of(SignatureFormat format, Path file) throws IOException {
    Optional<Path> place = find(format, file);
    return new Neighbour(
        place.isPresent() ? Optional.of(Artifact.open(place.get())) : Optional.empty());
  }

  @Override
  public void close() {
    artifact.ifPresent(Artifact::close);
  }
}
