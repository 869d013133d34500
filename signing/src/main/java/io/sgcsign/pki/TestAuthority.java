// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certification authority for tests and for the quickstart: a root, an issuing CA if wanted,
 * leaves by {@link LeafProfile} (RFC 5280). Every name it writes says TEST. Its keys live in memory
 * only.
 */
public final class TestAuthority {
  /** Days the root lives. */
  private static final int ROOT_DAYS = 20 * 365;

  /** Days a revocation list is good for: as long as a quickstart folder is likely to stay. */
  private static final int CRL_DAYS = 10 * 365;

  /** Bits of chance in a serial number; the CA/Browser Forum asks for at least 64. */
  private static final int SERIAL_BITS = 127;

  private final Setup setup;
  private final SecureRandom random;
  private final Ca root;
  private final Ca issuing;

  private TestAuthority(Setup setup, SecureRandom random) {
    this.setup = setup;
    this.random = random;
    this.root = newCa("root", "sgcsign TEST Root CA", null);
    this.issuing = setup.intermediate() ? newCa("issuing", "sgcsign TEST Issuing CA", root) : root;
  }

  /**
   * What an authority is made of.
   *
   * @param keys of the CA certificates
   * @param now from when on they are valid, less a day
   * @param intermediate whether an issuing CA stands between the root and the leaves
   * @param published where {@link #publications} are served, ending in a slash; none: certificates
   *     carry no CRL and AIA locations
   */
  public record Setup(KeyType keys, Instant now, boolean intermediate, @Nullable URI published) {}

  private record Ca(
      String file, X500Name name, KeyPair keys, KeyType type, X509Certificate certificate) {}

  public static TestAuthority create(Setup setup, SecureRandom random) {
    return new TestAuthority(setup, random);
  }

  /** A root without published locations that signs leaves itself. */
  public static TestAuthority simple(KeyType keys, Instant now, SecureRandom random) {
    return create(new Setup(keys, now, false, null), random);
  }

  public X509Certificate root() {
    return root.certificate();
  }

  /** The root as an anchor file. */
  public String rootPem() {
    return Pem.encode(List.of(root()));
  }

  /** Makes a key and certifies it. */
  public Issued issue(LeafProfile profile) {
    return issue(profile, profile.keys().generate(random));
  }

  /** Certifies {@code keys}. The chain ends with the root. */
  public Issued issue(LeafProfile profile, KeyPair keys) {
    X500Name subject = CertificateExtensions.testName(profile.commonName());
    var self = new Ca("", subject, keys, profile.keys(), root());
    Ca issuer = profile.selfSigned() ? self : issuing;
    try {
      var builder = newBuilder(issuer, subject, profile.notBefore(), profile.notAfter(), keys);
      CertificateExtensions.addLeaf(builder, profile, keys.getPublic());
      if (!profile.selfSigned()) {
        addIssuer(builder, issuer);
      }
      var chain = new ArrayList<X509Certificate>();
      chain.add(sign(builder, issuer));
      if (!profile.selfSigned()) {
        chain.add(issuer.certificate());
        if (setup.intermediate()) {
          chain.add(root());
        }
      }
      return new Issued(keys, new CertificateChain(chain));
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a certificate: " + profile, e);
    }
  }

  /**
   * The files that the CRL and AIA locations name, DER: {@code root.cer}, {@code root.crl} and the
   * same for the issuing CA.
   *
   * @param revoked certificates of this authority that the lists name
   */
  public SortedMap<String, Bytes> publications(Instant now, List<X509Certificate> revoked) {
    var out = new TreeMap<String, Bytes>();
    for (Ca ca : setup.intermediate() ? List.of(root, issuing) : List.of(root)) {
      out.put(ca.file() + ".cer", CertificateChain.der(ca.certificate()));
      out.put(ca.file() + ".crl", crl(ca, now, revoked));
    }
    return Collections.unmodifiableSortedMap(out);
  }

  private Bytes crl(Ca ca, Instant now, List<X509Certificate> revoked) {
    try {
      var principal = ca.certificate().getSubjectX500Principal();
      var builder = new JcaX509v2CRLBuilder(principal, Date.from(now));
      builder.setNextUpdate(Date.from(now.plus(CRL_DAYS, ChronoUnit.DAYS)));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(ca.certificate()));
      builder.addExtension(Extension.cRLNumber, false, CertificateExtensions.number(now));
      for (X509Certificate certificate : revoked) {
        if (certificate.getIssuerX500Principal().equals(principal)) {
          builder.addCRLEntry(certificate.getSerialNumber(), Date.from(now), 0);
        }
      }
      var crl = new JcaX509CRLConverter().getCRL(builder.build(signer(ca)));
      return Bytes.wrap(crl.getEncoded());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("This JDK cannot make a revocation list", e);
    }
  }

  private Ca newCa(String file, String commonName, @Nullable Ca issuer) {
    KeyPair keys = setup.keys().generate(random);
    X500Name name = CertificateExtensions.testName(commonName);
    Instant from = setup.now().minus(1, ChronoUnit.DAYS);
    Instant to = setup.now().plus(ROOT_DAYS, ChronoUnit.DAYS);
    try {
      X500Name issuerName = issuer == null ? name : issuer.name();
      var builder =
          new JcaX509v3CertificateBuilder(
              issuerName, serial(), Date.from(from), Date.from(to), name, keys.getPublic());
      var constraints = issuer == null ? new BasicConstraints(true) : new BasicConstraints(0);
      builder.addExtension(Extension.basicConstraints, true, constraints);
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, CertificateExtensions.keyId(keys.getPublic()));
      if (issuer != null) {
        addIssuer(builder, issuer);
      }
      var key = issuer == null ? keys : issuer.keys();
      var certificate = sign(builder, key, setup.keys());
      return new Ca(file, name, keys, setup.keys(), certificate);
    } catch (IOException e) {
      throw new IllegalStateException("This JDK cannot make a certificate", e);
    }
  }

  private JcaX509v3CertificateBuilder newBuilder(
      Ca issuer, X500Name subject, Instant from, Instant to, KeyPair keys) {
    return new JcaX509v3CertificateBuilder(
        issuer.name(), serial(), Date.from(from), Date.from(to), subject, keys.getPublic());
  }

  private void addIssuer(JcaX509v3CertificateBuilder builder, Ca issuer) throws IOException {
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        CertificateExtensions.authorityKeyId(issuer.keys().getPublic()));
    URI base = setup.published();
    if (base != null) {
      CertificateExtensions.addLocations(
          builder, base.resolve(issuer.file() + ".crl"), base.resolve(issuer.file() + ".cer"));
    }
  }

  private BigInteger serial() {
    return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
  }

  private X509Certificate sign(JcaX509v3CertificateBuilder builder, Ca issuer) {
    return sign(builder, issuer.keys(), issuer.type());
  }

  private X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair keys, KeyType type) {
    try {
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer(keys, type)));
    } catch (CertificateException e) {
      throw new IllegalStateException("The JDK does not read our certificate", e);
    }
  }

  private ContentSigner signer(Ca ca) {
    return signer(ca.keys(), ca.type());
  }

  private ContentSigner signer(KeyPair keys, KeyType type) {
    try {
      return new JcaContentSignerBuilder(type.jcaSignature())
          .setSecureRandom(random)
          .build(keys.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("This JDK cannot sign with " + type, e);
    }
  }
}
