// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.xml;

import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm.Scheme;
import java.util.Map;
import java.util.Optional;

/** Names of algorithms in XML signatures. */
public enum XmlAlgorithms {
  /** XML-Signature §6, RFC 6931. */
  W3C,
  /** Those of ClickOnce: SHA-256 in a namespace that has no SHA-256. */
  CLICKONCE;

  /** The namespace of XML signatures. */
  public static final String DSIG = "http://www.w3.org/2000/09/xmldsig#";

  private static final String ENC = "http://www.w3.org/2001/04/xmlenc#";
  private static final String MORE = "http://www.w3.org/2001/04/xmldsig-more#";

  private static final Map<String, DigestAlgorithm> DIGESTS =
      Map.of(
          DSIG + "sha1", DigestAlgorithm.SHA1,
          ENC + "sha256", DigestAlgorithm.SHA256,
          MORE + "sha384", DigestAlgorithm.SHA384,
          ENC + "sha512", DigestAlgorithm.SHA512,
          DSIG + "sha256", DigestAlgorithm.SHA256,
          DSIG + "sha384", DigestAlgorithm.SHA384,
          DSIG + "sha512", DigestAlgorithm.SHA512);

  public String uri(DigestAlgorithm digest) {
    return switch (digest) {
      case SHA1 -> DSIG + "sha1";
      case SHA256 -> (this == W3C ? ENC : DSIG) + "sha256";
      case SHA384 -> (this == W3C ? MORE : DSIG) + "sha384";
      case SHA512 -> (this == W3C ? ENC : DSIG) + "sha512";
    };
  }

  String uri(SignatureAlgorithm algorithm) {
    String digest = algorithm.digest().wireName();
    return switch (algorithm.scheme()) {
      case RSA_PKCS1 ->
          (this == CLICKONCE || algorithm.digest() == DigestAlgorithm.SHA1 ? DSIG : MORE)
              + "rsa-"
              + digest;
      case ECDSA -> MORE + "ecdsa-" + digest;
      case RSA_PSS -> throw new IllegalArgumentException("No format here takes RSA-PSS");
    };
  }

  public static Optional<DigestAlgorithm> digest(String uri) {
    return Optional.ofNullable(DIGESTS.get(uri));
  }

  static Optional<SignatureAlgorithm> signature(String uri) {
    boolean known = uri.startsWith(DSIG) || uri.startsWith(MORE);
    String name = uri.substring(uri.indexOf('#') + 1);
    if (known && name.startsWith("rsa-")) {
      return DigestAlgorithm.byWireName(name.substring(4))
          .map(d -> new SignatureAlgorithm(Scheme.RSA_PKCS1, d));
    }
    if (uri.startsWith(MORE) && name.startsWith("ecdsa-")) {
      return DigestAlgorithm.byWireName(name.substring(6))
          .map(d -> new SignatureAlgorithm(Scheme.ECDSA, d));
    }
    return Optional.empty();
  }
}
