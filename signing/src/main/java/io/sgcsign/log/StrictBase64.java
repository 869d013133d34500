// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;

/**
 * Base64 of RFC 4648 §4 with exactly one text for every value: the JDK's decoder lets the unused
 * bits of the last character vary, a proof must not.
 */
final class StrictBase64 {
  private StrictBase64() {}

  static Bytes decode(String text) {
    try {
      Bytes value = Bytes.fromBase64(text);
      if (value.toBase64().equals(text)) {
        return value;
      }
    } catch (IllegalArgumentException e) {
      throw new ProofException("Not base64", e);
    }
    throw new ProofException("Not canonical base64");
  }
}
