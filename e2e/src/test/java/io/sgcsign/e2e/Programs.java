// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeBuilder;

/** Files to be signed. */
final class Programs {
  private Programs() {}

  static Bytes x64() {
    return PeBuilder.x64().build();
  }

  /** Another file for every number. */
  static Bytes numbered(long number) {
    return PeBuilder.x64().seed(1000 + number).build();
  }
}
