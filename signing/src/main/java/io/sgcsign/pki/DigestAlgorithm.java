// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/** A hash function of FIPS 180-4 with its names in JCA, ASN.1 and on our wire. */
public enum DigestAlgorithm {
  SHA1("sha1", "SHA-1", "1.3.14.3.2.26", 20),
  SHA256("sha256", "SHA-256", "2.16.840.1.101.3.4.2.1", 32),
  SHA384("sha384", "SHA-384", "2.16.840.1.101.3.4.2.2", 48),
  SHA512("sha512", "SHA-512", "2.16.840.1.101.3.4.2.3", 64);

  private final String wireName;
  private final String jcaName;
  private final String oid;
  private final int length;

  DigestAlgorithm(String wireName, String jcaName, String oid, int length) {
    this.wireName = wireName;
    this.jcaName = jcaName;
    this.oid = oid;
    this.length = length;
  }

  public static Optional<DigestAlgorithm> byWireName(String name) {
    return Arrays.stream(values()).filter(a -> a.wireName.equals(name)).findFirst();
  }

  public static Optional<DigestAlgorithm> byOid(String oid) {
    return Arrays.stream(values()).filter(a -> a.oid.equals(oid)).findFirst();
  }

  /** As in {@code hash=sha256}. */
  public String wireName() {
    return wireName;
  }

  /** As in {@code MessageDigest.getInstance("SHA-256")}. */
  public String jcaName() {
    return jcaName;
  }

  public String oid() {
    return oid;
  }

  /** Output length in bytes. */
  public int length() {
    return length;
  }

  /** A new JDK digest; hash speed comes from the JDK's intrinsics. */
  public MessageDigest newMessageDigest() {
    try {
      return MessageDigest.getInstance(jcaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK lacks " + jcaName, e);
    }
  }
}
