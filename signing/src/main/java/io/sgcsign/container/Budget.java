// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.container;

import io.sgcsign.artifact.ArtifactException;

/**
 * What all files in files of one file may cost together, however deep they lie. Used by one thread.
 */
final class Budget {
  /** Containers in containers. */
  static final int MAX_DEPTH = 5;

  private static final int MAX_FILES = 100_000;
  private static final long MAX_EXPANDED = 8L << 30;
  private static final long EXPANSION = 100;
  private static final long EXPANSION_ALLOWANCE = 64L << 20;

  private final long limit;
  private long expanded;
  private int files;

  /**
   * @param size bytes of the outermost file
   */
  Budget(long size) {
    this.limit = Math.min(MAX_EXPANDED, EXPANSION * size + EXPANSION_ALLOWANCE);
  }

  void takeFile() {
    if (++files > MAX_FILES) {
      throw spent("It holds more than " + MAX_FILES + " files");
    }
  }

  void take(int bytes) {
    expanded += bytes;
    if (expanded > limit) {
      throw spent("It expands to more than the " + limit + " bytes its size allows");
    }
  }

  boolean spent() {
    return files > MAX_FILES || expanded > limit;
  }

  private static ArtifactException spent(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-TOO-LARGE", message, "Unpack it and look into the parts.");
  }
}
