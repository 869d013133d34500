// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.tool;

import java.io.Serial;
import java.security.SecureRandom;
import java.util.Random;

/** Chance that is the same in every run and every process: for tests, never for keys of value. */
public final class SeededRandom extends SecureRandom {
  @Serial private static final long serialVersionUID = 1;

  private final Random source;

  public SeededRandom(long seed) {
    super(null, null);
    this.source = new Random(seed);
  }

  @Override
  public void nextBytes(byte[] target) {
    source.nextBytes(target);
  }
}
