// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Looks again and again until something holds; fails at the deadline. */
final class Poll {
  private static final long STEP_MILLIS = 20;

  private Poll() {}

  static void until(String what, Duration patience, BooleanSupplier holds) {
    var _ =
        find(
            what,
            patience,
            () -> holds.getAsBoolean() ? Optional.of(true) : Optional.<Boolean>empty());
  }

  static <T> T find(String what, Duration patience, Supplier<Optional<T>> look) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Waited " + patience + " in vain: " + what);
      }
      pass(Duration.ofMillis(STEP_MILLIS));
    }
  }

  /** Lets time pass: for moments that are to be random, never for things that are to happen. */
  static void pass(Duration time) {
    try {
      var _ = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
