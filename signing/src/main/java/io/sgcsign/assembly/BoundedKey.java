// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.key.SigningKey;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.SignatureAlgorithm;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * A key that waits its turn: native code does not yield its carrier thread, so a burst of
 * signatures would starve everything else.
 */
public record BoundedKey(SigningKey key, Semaphore turns) implements SigningKey {
  @Override
  public CertificateChain chain() {
    return key.chain();
  }

  @Override
  public Set<SignatureAlgorithm> algorithms() {
    return key.algorithms();
  }

  @Override
  public List<Bytes> sign(List<Digest> digests, SignatureAlgorithm algorithm) {
    turns.acquireUninterruptibly();
    try {
      return key.sign(digests, algorithm);
    } finally {
      turns.release();
    }
  }
}
