// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import java.time.Duration;

/** Lets time pass. */
@FunctionalInterface
public interface Pause {
  void pause(Duration duration);
}
