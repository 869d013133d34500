// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.signature;

/**
 * The capability to have imprints signed; not a key. Stops a format with {@link SignerException},
 * which formats never catch.
 */
public interface Signer {
  SigningContext context();

  /**
   * Has {@code imprint} signed. One call is one use of the key.
   *
   * @throws SignerException if it is held, refused or cannot be done now
   */
  SignatureBlock sign(Imprint imprint);
}
