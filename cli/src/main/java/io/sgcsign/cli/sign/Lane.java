// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.signature.SigningContext;
import java.time.Duration;

/**
 * How files of one format are signed in this run.
 *
 * @param ahead how far the server's clock is ahead of ours: fresh certificates and stamps are
 *     judged by its clock
 */
record Lane(SignatureFormat format, Options options, Way way, Duration ahead) {

  /** How the key is reached. */
  sealed interface Way {
    CertificateChain chain();

    /** Only imprints travel. */
    record Hash(SigningContext context, HashQueue queue) implements Way {
      @Override
      public CertificateChain chain() {
        return context.chain();
      }
    }

    /** The file travels. */
    record Upload(CertificateChain chain) implements Way {}
  }
}
