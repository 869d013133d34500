// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import io.sgcsign.pki.Digest;

/** Something that gives RFC 3161 time-stamp tokens. Thread-safe. */
public interface TimestampAuthority {
  /**
   * Has {@code imprint} stamped; the token has been checked strictly.
   *
   * @throws TimestampException if no acceptable token could be had
   */
  TimeStampToken stamp(Digest imprint);
}
