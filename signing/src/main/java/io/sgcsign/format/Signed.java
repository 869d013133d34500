// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import java.util.List;

/** The result of signing. */
public sealed interface Signed {

  /** The signed file as a patch of the original, and files that belong beside it. */
  record Patched(Patch patch, List<Companion> beside) implements Signed {
    public Patched {
      beside = List.copyOf(beside);
    }

    public Patched(Patch patch) {
      this(patch, List.of());
    }
  }

  /** A signature in a file of its own, named as the artifact plus {@code suffix}. */
  record Detached(String suffix, Bytes bytes) implements Signed {}

  /** A file that goes beside the signed one. */
  record Companion(String suffix, Bytes bytes) {}
}
