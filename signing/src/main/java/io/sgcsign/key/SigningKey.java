// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.SignatureAlgorithm;
import java.util.List;
import java.util.Set;

/**
 * A private key that can be used but not seen. Thread-safe. Only {@code assembly} calls {@link
 * #sign}.
 */
public interface SigningKey {
  CertificateChain chain();

  /** What it can do, in order of preference. */
  Set<SignatureAlgorithm> algorithms();

  /**
   * Signs digests, all with one algorithm. A list, because some services authorise lists.
   *
   * @return one signature a digest, in order; ECDSA as DER
   * @throws KeyException if the key cannot be used
   */
  List<Bytes> sign(List<Digest> digests, SignatureAlgorithm algorithm);
}
