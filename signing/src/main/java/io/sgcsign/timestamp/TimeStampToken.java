// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import io.sgcsign.bytes.Bytes;
import java.time.Instant;

/**
 * A checked token.
 *
 * @param der the ContentInfo (RFC 3161 §2.4.2)
 * @param time genTime
 * @param authority where it came from, for the record
 */
public record TimeStampToken(Bytes der, Instant time, String authority) {}
