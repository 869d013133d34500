// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.files;

import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The files of this run that are not finished: whoever ends the run removes them. Thread-safe. */
public final class TempFiles {
  /** Bytes of chance in a name: two runs never meet. */
  private static final int CHANCE = 8;

  private final RandomGenerator random;
  private final Set<Path> open = new HashSet<>();
  private boolean swept;

  public TempFiles(RandomGenerator random) {
    this.random = random;
  }

  /** A name for an unfinished file in {@code folder}. */
  synchronized Path begin(Path folder) {
    if (swept) {
      throw new IllegalStateException("The run is ending");
    }
    byte[] chance = new byte[CHANCE];
    random.nextBytes(chance);
    Path file = folder.resolve(".sgcsign-" + Bytes.wrap(chance).toHex() + ".tmp");
    open.add(file);
    return file;
  }

  /** It is finished or gone. */
  synchronized void end(Path file) {
    open.remove(file);
  }

  /** Removes all that is unfinished; after this nothing begins. */
  public synchronized void sweep() {
    swept = true;
    for (Path file : open) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    open.clear();
  }
}
