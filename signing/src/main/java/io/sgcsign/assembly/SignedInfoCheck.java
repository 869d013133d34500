// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.ToBeSigned;

/**
 * Whether octets to be signed are a canonical SignedInfo and nothing else: the last look before the
 * key is used.
 */
final class SignedInfoCheck {
  private SignedInfoCheck() {}

  /**
   * Reads the octets again.
   *
   * @throws IllegalArgumentException if they are anything else, or name another algorithm
   */
  static void insist(ToBeSigned.SignedInfo wanted, SignatureAlgorithm.Scheme scheme) {
    var algorithm = new SignatureAlgorithm(scheme, wanted.digest());
    boolean good =
        SignedInfo.ofCanonical(wanted.octets())
            .filter(read -> read.algorithm().equals(algorithm))
            .isPresent();
    if (!good) {
      throw new IllegalArgumentException("What was to be signed is no SignedInfo for " + algorithm);
    }
  }
}
