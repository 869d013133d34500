// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.files;

import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A new version of a file and, if there is one, of the file that goes beside it. Closing without
 * {@link #publish} leaves no trace. Used by one thread.
 */
public final class Delivery implements AutoCloseable {
  private final Path target;
  private final TempFiles temps;
  private final Draft file;
  private @Nullable Draft beside;
  private @Nullable Path besideTarget;

  private Delivery(Path target, TempFiles temps) {
    this.target = target;
    this.temps = temps;
    this.file = Draft.of(target, temps);
  }

  /** A delivery to {@code target}; missing folders are made. */
  public static Delivery to(Path target, TempFiles temps) {
    return new Delivery(target, temps);
  }

  public Draft file() {
    return file;
  }

  /** The draft of the file beside: the same at every call. */
  public Draft beside(String suffix) {
    Path place = Neighbour.place(target, suffix);
    if (beside == null) {
      beside = Draft.of(place, temps);
      besideTarget = place;
    }
    if (!place.equals(besideTarget)) {
      throw new IllegalStateException("There is one file beside another, not two");
    }
    return beside;
  }

  /** Where the file beside goes; empty: there is none. */
  public Optional<Path> besideTarget() {
    return Optional.ofNullable(besideTarget);
  }

  /** What of the file beside is on disk now. */
  public Neighbour reopenBeside() {
    return new Neighbour(Optional.ofNullable(beside).map(Draft::reopen));
  }

  /**
   * Puts both in their places, the file beside first: where it cannot go, all is as it was. If the
   * other cannot follow, it goes away again, as it belongs to nothing.
   *
   * @param waiting runs what only waits for the disk
   */
  public void publish(Path source, Consumer<Runnable> waiting) {
    if (beside == null || besideTarget == null) {
      file.publish(source, waiting);
      return;
    }
    beside.publish(source, waiting);
    try {
      file.publish(source, waiting);
    } catch (FailureException e) {
      throw takenBack(besideTarget, e.failure()).exception();
    }
  }

  private static Failure takenBack(Path place, Failure failure) {
    String done;
    try {
      Files.deleteIfExists(place);
      done = "; " + place + " is removed, it would belong to nothing";
    } catch (IOException e) {
      done = "; " + place + " belongs to nothing and cannot be removed: " + e;
    }
    return new Failure(
        failure.exit(),
        failure.what(),
        failure.why() + done,
        failure.fix(),
        failure.code(),
        failure.requestId());
  }

  @Override
  public void close() {
    try (file) {
      if (beside != null) {
        beside.close();
      }
    }
  }
}
