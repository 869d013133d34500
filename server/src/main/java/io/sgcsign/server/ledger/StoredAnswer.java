// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;

/**
 * An answer and how long it is kept.
 *
 * @param expires RFC 3339 in microseconds, so that text order is time order
 */
public record StoredAnswer(long intent, String expires, Bytes info, Bytes block) {}
