// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import java.util.Optional;

/** The result of signing. */
public sealed interface Signed {

  /** The signed file as a patch of the original, and the file that belongs beside it, if any. */
  record Patched(Patch patch, Optional<Companion> beside) implements Signed {
    public Patched(Patch patch) {
      this(patch, Optional.empty());
    }
  }

  /** A signature in a file of its own, named as the artifact plus {@code suffix}. */
  record Detached(String suffix, Bytes bytes) implements Signed {}

  /** A file that goes beside the signed one, named as that plus {@code suffix}. */
  record Companion(String suffix, Bytes bytes) {}
}
