// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.DigestAlgorithm;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * Who signs, as a manifest says it.
 *
 * @param name the subject, written like .NET's {@code X500DistinguishedName.Name}
 * @param issuerKeyHash SHA-1 of the issuer's public key in hexadecimal digits; empty if the chain
 *     does not have the issuer
 * @param token public key token
 */
record Publisher(String name, String issuerKeyHash, String token) {
  /** Names of attribute types that .NET knows and Java writes as OIDs, or in another way. */
  private static final Map<String, String> TYPES =
      Map.of(
          "2.5.4.4", "SN",
          "2.5.4.5", "SERIALNUMBER",
          "2.5.4.12", "T",
          "2.5.4.42", "G",
          "2.5.4.43", "I",
          "1.2.840.113549.1.9.1", "E");

  private static final Map<String, String> OIDS =
      TYPES.entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  /** What makes .NET put a value into quotes. */
  private static final Pattern SPECIAL = Pattern.compile("[,+=\"\\n<>#;]|^\\s|\\s$|^$");

  /**
   * The signer of a chain.
   *
   * @throws IllegalArgumentException if its key is not RSA
   */
  static Publisher of(CertificateChain chain) {
    if (!(chain.leaf().getPublicKey() instanceof RSAPublicKey key)) {
      throw new IllegalArgumentException("A publisher has an RSA key");
    }
    return new Publisher(
        name(chain.leaf().getSubjectX500Principal()),
        issuer(chain).map(Publisher::keyHash).orElse(""),
        StrongName.token(key));
  }

  private static Optional<PublicKey> issuer(CertificateChain chain) {
    X500Principal issuer = chain.leaf().getIssuerX500Principal();
    return chain.certificates().stream()
        .filter(c -> c.getSubjectX500Principal().equals(issuer))
        .findFirst()
        .map(c -> c.getPublicKey());
  }

  /**
   * SHA-1 of the BIT STRING in SubjectPublicKeyInfo, as key identifiers are (RFC 5280 §4.2.1.2).
   */
  static String keyHash(PublicKey key) {
    DerCursor fields = Der.of(Bytes.wrap(key.getEncoded())).sequence();
    var _ = fields.next();
    Bytes bits = fields.next(Der.BIT_STRING).content();
    byte[] octets = bits.slice(1, bits.size()).toArray();
    return Bytes.wrap(DigestAlgorithm.SHA1.newMessageDigest().digest(octets)).toHex();
  }

  /** The subject from the leaf's end, {@code S} for states, odd values in quotes. */
  static String name(X500Principal subject) {
    String text = subject.getName(X500Principal.RFC2253, OIDS);
    try {
      var rdns = new LdapName(text).getRdns();
      return rdns.reversed().stream().map(Publisher::rdn).collect(Collectors.joining(", "));
    } catch (InvalidNameException e) {
      return text;
    }
  }

  private static String rdn(Rdn rdn) {
    if (rdn.size() > 1) {
      return rdn.toString(); // several values in one step: no CA for code signing does that
    }
    String type = rdn.getType();
    String name =
        switch (type) {
          case "ST" -> "S";
          default -> Character.isDigit(type.charAt(0)) ? "OID." + type : type;
        };
    Object value = rdn.getValue();
    String text = value instanceof byte[] raw ? text(raw) : value.toString();
    return SPECIAL.matcher(text).find()
        ? name + "=\"" + text.replace("\"", "\"\"") + "\""
        : name + "=" + text;
  }

  /** The text in a DER string; Java leaves values of types it does not know encoded. */
  private static String text(byte[] der) {
    Bytes encoded = Bytes.wrap(der.clone());
    return Der.of(encoded).content().toUtf8();
  }
}
