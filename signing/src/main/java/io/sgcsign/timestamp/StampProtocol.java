// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How an authority is asked, and thus what a signature carries. */
public enum StampProtocol {
  /** A token over a digest of the signature value (RFC 3161). */
  RFC3161,
  /**
   * A PKCS#9 counter-signature of the signature value itself: what Authenticode had before RFC
   * 3161, and what verifiers before Windows 7 know. Only on request.
   */
  AUTHENTICODE;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<StampProtocol> byWireName(String name) {
    return Arrays.stream(values()).filter(p -> p.wireName().equals(name)).findFirst();
  }
}
