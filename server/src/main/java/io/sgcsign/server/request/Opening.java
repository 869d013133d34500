// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.wire.Problem;

/** What became of an ask at the moment of its intent. */
sealed interface Opening {
  /** The intent is on disk: the key may be used. */
  record Open(long intent) implements Opening {}

  /** It was answered before: this is the block. */
  record Answered(String requestId, long logIndex, SignatureBlock block) implements Opening {}

  /** The key must not be used. */
  record Refused(Problem problem) implements Opening {}
}
