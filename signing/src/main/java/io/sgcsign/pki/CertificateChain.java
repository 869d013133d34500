// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import io.sgcsign.bytes.Bytes;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A signing certificate and its issuers: leaf first, the root may be missing. A value; what is
 * derived from the certificates is computed once, for every signature asks for it.
 */
public final class CertificateChain {
  private final List<X509Certificate> certificates;
  private final List<Bytes> encoded;
  private final Digest fingerprint;

  /**
   * @throws IllegalArgumentException if there is none, or one cannot be encoded
   */
  public CertificateChain(List<X509Certificate> certificates) {
    this.certificates = List.copyOf(certificates);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("A chain has at least the signing certificate");
    }
    this.encoded = certificates.stream().map(CertificateChain::der).toList();
    this.fingerprint = Digest.sha256(encoded.getFirst());
  }

  public List<X509Certificate> certificates() {
    return certificates;
  }

  public X509Certificate leaf() {
    return certificates.getFirst();
  }

  /** The DER of each certificate. */
  public List<Bytes> encoded() {
    return encoded;
  }

  /** SHA-256 of the DER of the leaf: names the signer in imprints and events. */
  public Digest fingerprint() {
    return fingerprint;
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

  @Override
  public boolean equals(Object other) {
    return other instanceof CertificateChain chain && encoded.equals(chain.encoded);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  @Override
  public String toString() {
    return "CertificateChain[" + leaf().getSubjectX500Principal() + ", " + fingerprint + "]";
  }
}
