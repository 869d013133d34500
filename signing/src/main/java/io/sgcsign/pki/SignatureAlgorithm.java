// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import java.util.Arrays;
import java.util.Optional;

/** How a digest is signed: a scheme and the digest it takes. */
public record SignatureAlgorithm(Scheme scheme, DigestAlgorithm digest) {

  /** RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 §8), ECDSA with a DER signature (X9.62). */
  public enum Scheme {
    RSA_PKCS1("rsa-pkcs1"),
    RSA_PSS("rsa-pss"),
    ECDSA("ecdsa");

    private final String wireName;

    Scheme(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  /** Parses {@link #toString}'s form, for example {@code rsa-pkcs1/sha256}. */
  public static Optional<SignatureAlgorithm> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String name = text.substring(0, slash);
    return Arrays.stream(Scheme.values())
        .filter(s -> s.wireName.equals(name))
        .findFirst()
        .flatMap(s ->
            DigestAlgorithm.byWireName(text.substring(slash + 1))
                .map(d -> new SignatureAlgorithm(s, d)));
  }

  @Override
  public String toString() {
    return scheme.wireName() + "/" + digest.wireName();
  }
}
