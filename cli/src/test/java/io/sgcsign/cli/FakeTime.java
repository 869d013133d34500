// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.api.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only by waiting. Thread-safe. */
final class FakeTime implements InstantSource, Pause {
  private final List<Duration> waits = new ArrayList<>();
  private Instant now;

  FakeTime(Instant start) {
    this.now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized void pause(Duration duration) {
    waits.add(duration);
    now = now.plus(duration);
  }

  synchronized List<Duration> waits() {
    return List.copyOf(waits);
  }
}
