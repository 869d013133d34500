// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import io.sgcsign.bytes.Bytes;

/** A hash value and the function that made it. */
public record Digest(DigestAlgorithm algorithm, Bytes value) {
  public Digest {
    if (value.size() != algorithm.length()) {
      throw new IllegalArgumentException(
          "A "
              + algorithm.wireName()
              + " digest has "
              + algorithm.length()
              + " bytes, not "
              + value.size());
    }
  }

  public static Digest of(DigestAlgorithm algorithm, Bytes content) {
    return new Digest(
        algorithm, Bytes.wrap(algorithm.newMessageDigest().digest(content.toArray())));
  }

  public static Digest sha256(Bytes content) {
    return of(DigestAlgorithm.SHA256, content);
  }

  /**
   * Parses {@code sha256:<hex>}.
   *
   * @throws IllegalArgumentException if {@code text} is anything else
   */
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    var algorithm =
        DigestAlgorithm.byWireName(colon < 0 ? "" : text.substring(0, colon))
            .orElseThrow(() -> new IllegalArgumentException("Not a digest: " + text));
    return new Digest(algorithm, Bytes.fromHex(text.substring(colon + 1)));
  }

  /** {@code sha256:<hex>}. */
  @Override
  public String toString() {
    return algorithm.wireName() + ":" + value.toHex();
  }
}
