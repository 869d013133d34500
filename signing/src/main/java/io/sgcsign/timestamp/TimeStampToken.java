// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import io.sgcsign.bytes.Bytes;
import java.time.Instant;

/**
 * A checked time stamp.
 *
 * @param der the ContentInfo: a token (RFC 3161 §2.4.2) or, of {@link StampProtocol#AUTHENTICODE},
 *     the SignedData whose signer counter-signs
 * @param time genTime or signing-time
 * @param authority where it came from, for the record
 */
public record TimeStampToken(Bytes der, Instant time, String authority, StampProtocol protocol) {
  /** An RFC 3161 token. */
  public TimeStampToken(Bytes der, Instant time, String authority) {
    this(der, time, authority, StampProtocol.RFC3161);
  }
}
