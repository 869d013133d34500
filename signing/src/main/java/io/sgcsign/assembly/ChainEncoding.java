// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.key.KeyException;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What every signature of one chain has in common, encoded once.
 *
 * @param publicKey the leaf's, as an object of the provider that checks signatures
 * @param issuerAndSerial IssuerAndSerialNumber of the leaf (RFC 5652 §10.2.4)
 * @param certificates CertificateSet: {@code [0] IMPLICIT SET OF}, without a root above the leaf
 * @param signingCertificate ESS signing-certificate-v2 attribute value (RFC 5035 §3)
 * @param der each certificate, leaf first
 */
record ChainEncoding(
    PublicKey publicKey,
    Bytes issuerAndSerial,
    Bytes certificates,
    Bytes signingCertificate,
    List<Bytes> der) {
  ChainEncoding {
    der = List.copyOf(der);
  }

  static ChainEncoding of(CertificateChain chain, CryptoBackend backend) {
    X509Certificate leaf = chain.leaf();
    var embedded = new ArrayList<Bytes>();
    for (X509Certificate certificate : chain.certificates()) {
      // verifiers take a root from their own store, never from the file
      if (certificate.equals(leaf) || !selfIssued(certificate)) {
        embedded.add(CertificateChain.der(certificate));
      }
    }
    return new ChainEncoding(
        publicKey(leaf, backend),
        DerWriter.sequence(
            Bytes.wrap(leaf.getIssuerX500Principal().getEncoded()),
            DerWriter.integer(leaf.getSerialNumber())),
        DerWriter.explicit(0, DerWriter.sorted(embedded)),
        signingCertificate(embedded.getFirst()),
        chain.certificates().stream().map(CertificateChain::der).toList());
  }

  private static boolean selfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static PublicKey publicKey(X509Certificate leaf, CryptoBackend backend) {
    try {
      return backend.importKey(leaf.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new KeyException(
          "The public key of the certificate cannot be used here",
          "Use RSA, or EC on P-256, P-384 or P-521.",
          false,
          e);
    }
  }

  private static Bytes signingCertificate(Bytes leaf) {
    // SHA-256 is the default of ESSCertIDv2.hashAlgorithm and so left out
    Bytes certId = DerWriter.sequence(DerWriter.octetString(Digest.sha256(leaf).value()));
    return DerWriter.sequence(DerWriter.sequence(certId));
  }
}
