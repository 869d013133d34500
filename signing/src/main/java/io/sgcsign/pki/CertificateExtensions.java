// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import java.io.IOException;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.Instant;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/** The extensions of RFC 5280 §4.2 that a {@link TestAuthority} writes. */
final class CertificateExtensions {
  private CertificateExtensions() {}

  /** {@code commonName} in an organisation that nobody takes for a real one. */
  static X500Name testName(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, "sgcsign TEST, not for production")
        .addRDN(BCStyle.CN, commonName)
        .build();
  }

  static ASN1Integer number(Instant now) {
    return new ASN1Integer(now.getEpochSecond());
  }

  static SubjectKeyIdentifier keyId(PublicKey key) {
    return utils().createSubjectKeyIdentifier(key);
  }

  static AuthorityKeyIdentifier authorityKeyId(PublicKey key) {
    return utils().createAuthorityKeyIdentifier(key);
  }

  static void addLeaf(X509v3CertificateBuilder builder, LeafProfile profile, PublicKey key)
      throws IOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.subjectKeyIdentifier, false, keyId(key));
    int usage = KeyUsage.digitalSignature;
    if (profile.extendedKeyUsage().contains(KeyPurpose.SERVER_AUTH) && !profile.keys().elliptic()) {
      usage |= KeyUsage.keyEncipherment;
    }
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    if (!profile.extendedKeyUsage().isEmpty()) {
      var purposes =
          profile.extendedKeyUsage().stream()
              .sorted()
              .map(oid -> KeyPurposeId.getInstance(new ASN1ObjectIdentifier(oid)))
              .toArray(KeyPurposeId[]::new);
      builder.addExtension(
          Extension.extendedKeyUsage, profile.criticalUsage(), new ExtendedKeyUsage(purposes));
    }
    if (!profile.hosts().isEmpty()) {
      var names =
          profile.hosts().stream().map(CertificateExtensions::host).toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
  }

  private static GeneralName host(String host) {
    boolean address = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c <= '9');
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  static void addLocations(X509v3CertificateBuilder builder, URI crl, URI issuer)
      throws IOException {
    var crlName =
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, crl.toString()));
    builder.addExtension(
        Extension.cRLDistributionPoints,
        false,
        new CRLDistPoint(
            new DistributionPoint[] {
              new DistributionPoint(new DistributionPointName(crlName), null, null)
            }));
    builder.addExtension(
        Extension.authorityInfoAccess,
        false,
        new AuthorityInformationAccess(
            AccessDescription.id_ad_caIssuers,
            new GeneralName(GeneralName.uniformResourceIdentifier, issuer.toString())));
  }

  private static JcaX509ExtensionUtils utils() {
    try {
      return new JcaX509ExtensionUtils();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK lacks SHA-1", e);
    }
  }
}
