// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import io.sgcsign.bytes.Bytes;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;

/** A signing certificate and its issuers: leaf first, the root may be missing. */
public record CertificateChain(List<X509Certificate> certificates) {
  public CertificateChain {
    certificates = List.copyOf(certificates);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("A chain has at least the signing certificate");
    }
  }

  public X509Certificate leaf() {
    return certificates.getFirst();
  }

  /** SHA-256 of the DER of the leaf: names the signer in imprints and events. */
  public Digest fingerprint() {
    return Digest.sha256(der(leaf()));
  }

  public boolean selfSigned() {
    return leaf().getSubjectX500Principal().equals(leaf().getIssuerX500Principal());
  }

  public static Bytes der(X509Certificate certificate) {
    try {
      return Bytes.wrap(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("The certificate cannot be encoded", e);
    }
  }
}
