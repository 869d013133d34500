// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** Certificates and revocation lists out of a signature. */
final class Certificates {
  /** Certificates in a signature. Real ones have up to ten. */
  private static final int MAX_COUNT = 200;

  private Certificates() {}

  /**
   * Decodes all certificates.
   *
   * @throws ArtifactException if one of them is none: nobody else would read the signature then
   */
  static List<X509Certificate> decode(List<Bytes> encoded) {
    if (encoded.size() > MAX_COUNT) {
      throw malformed("The signature has more than " + MAX_COUNT + " certificates");
    }
    var out = new ArrayList<X509Certificate>(encoded.size());
    for (Bytes der : encoded) {
      out.add(decode(der));
    }
    return out;
  }

  private static X509Certificate decode(Bytes der) {
    try {
      return (X509Certificate) factory().generateCertificate(stream(der));
    } catch (CertificateException | IllegalArgumentException e) {
      // the JDK's readers of extensions let IllegalArgumentException through
      throw malformed("A certificate in the signature cannot be read: " + e.getMessage());
    }
  }

  static List<X509CRL> decodeCrls(List<Bytes> encoded) {
    if (encoded.size() > MAX_COUNT) {
      throw malformed("The signature has more than " + MAX_COUNT + " revocation lists");
    }
    var out = new ArrayList<X509CRL>(encoded.size());
    for (Bytes der : encoded) {
      try {
        out.add((X509CRL) factory().generateCRL(stream(der)));
      } catch (CRLException | IllegalArgumentException e) {
        throw malformed("A revocation list in the signature cannot be read: " + e.getMessage());
      }
    }
    return out;
  }

  private static InputStream stream(Bytes der) {
    return new ByteArrayInputStream(der.toArray());
  }

  private static CertificateFactory factory() {
    try {
      return CertificateFactory.getInstance("X.509");
    } catch (CertificateException e) {
      throw new IllegalStateException("This JDK lacks X.509", e);
    }
  }

  private static ArtifactException malformed(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED", message, "Check how the file was transferred, or sign it again.");
  }

  /** The certificate a SignerInfo names (RFC 5652 §5.3 sid). */
  static Optional<X509Certificate> ofSigner(SignerInfo signer, List<X509Certificate> pool) {
    return pool.stream()
        .filter(c -> signer.issuer().isEmpty() ? hasKeyId(c, signer.keyId()) : named(c, signer))
        .findFirst();
  }

  private static boolean named(X509Certificate certificate, SignerInfo signer) {
    return certificate.getSerialNumber().equals(signer.serial())
        && sameName(certificate.getIssuerX500Principal(), signer.issuer().toArray());
  }

  private static boolean sameName(X500Principal issuer, byte[] wanted) {
    if (Arrays.equals(issuer.getEncoded(), wanted)) {
      return true;
    }
    try {
      return issuer.equals(new X500Principal(wanted)); // the same in another string type
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean hasKeyId(X509Certificate certificate, Bytes keyId) {
    byte[] extension = certificate.getExtensionValue("2.5.29.14");
    // OCTET STRING inside OCTET STRING, both shorter than 128 bytes
    return extension != null
        && extension.length >= 4
        && Bytes.of(extension, 4, extension.length - 4).equals(keyId);
  }
}
