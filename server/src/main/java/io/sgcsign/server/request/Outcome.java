// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.artifact.Patch;
import io.sgcsign.format.Signed.Companion;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.wire.Problem;
import java.util.List;
import java.util.Optional;

/** How a request ended. */
public sealed interface Outcome {

  /**
   * Signed.
   *
   * @param patch makes the signed file of the one that came
   * @param beside the file that goes beside it
   * @param logIndex of the event that says so
   * @param warnings for people
   * @param replayed it is the answer of an earlier request with the same Idempotency-Key
   */
  record Signed(
      String requestId,
      Patch patch,
      Optional<Companion> beside,
      CertificateChain signer,
      long logIndex,
      List<String> warnings,
      boolean replayed)
      implements Outcome {
    public Signed {
      warnings = List.copyOf(warnings);
    }
  }

  /** The file carries a good signature of this provider and was to be skipped. */
  record Skipped(String requestId, CertificateChain signer) implements Outcome {}

  /** An imprint was signed. */
  record Block(
      String requestId,
      SignatureBlock block,
      long logIndex,
      List<String> warnings,
      boolean replayed)
      implements Outcome {
    public Block {
      warnings = List.copyOf(warnings);
    }
  }

  /** No signature left the server. */
  record Refused(String requestId, Problem problem) implements Outcome {}
}
