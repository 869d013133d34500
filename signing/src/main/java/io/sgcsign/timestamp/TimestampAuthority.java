// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;

/**
 * Something that stamps: with RFC 3161 tokens or, where it says so, in the old way. Thread-safe.
 */
public interface TimestampAuthority {
  /**
   * Has {@code imprint} stamped; the token has been checked strictly.
   *
   * @throws TimestampException if no acceptable token could be had
   */
  TimeStampToken stamp(Digest imprint);

  /**
   * Has a signature value counter-signed ({@link StampProtocol#AUTHENTICODE}); the answer has been
   * checked strictly.
   *
   * @param allowSha1 whether a counter-signature over SHA-1 will do
   * @throws TimestampException if no acceptable counter-signature could be had
   */
  default TimeStampToken counterSign(Bytes value, boolean allowSha1) {
    throw new TimestampException("This authority gives RFC 3161 tokens only", null);
  }
}
