// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.key.KeyException;
import io.sgcsign.key.SigningKey;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import java.time.Instant;

/** Has a key sign something worthless, to see that it works and fits its certificate. */
public final class SelfTest {
  private final SignatureAssembler assembler;

  public SelfTest(SignatureAssembler assembler) {
    this.assembler = assembler;
  }

  /**
   * Uses {@code key} once, with the algorithm it prefers.
   *
   * @param nonce random bytes
   * @return the algorithm that was used
   * @throws KeyException if the key cannot be used or does not fit its certificate
   */
  public SignatureAlgorithm run(SigningKey key, Bytes nonce) {
    SignatureAlgorithm algorithm = key.algorithms().iterator().next();
    var context = new SigningContext(key.chain(), algorithm, Instant.EPOCH, nonce, 0);
    var probe = new ToBeSigned.Probe(nonce, algorithm.digest());
    var _ = assembler.assemble(_ -> probe, context, key, new Stamping.None());
    return algorithm;
  }
}
