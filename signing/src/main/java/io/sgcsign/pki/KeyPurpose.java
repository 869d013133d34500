// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

/** Object identifiers of extended key usage. */
public final class KeyPurpose {
  /** id-kp-serverAuth (RFC 5280 §4.2.1.12). */
  public static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  /** id-kp-codeSigning (RFC 5280 §4.2.1.12). */
  public static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

  /** id-kp-timeStamping (RFC 5280 §4.2.1.12). */
  public static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";

  /** anyExtendedKeyUsage (RFC 5280 §4.2.1.12). */
  public static final String ANY = "2.5.29.37.0";

  /**
   * szOID_KP_LIFETIME_SIGNING: a time stamp does not make the signature outlive the certificate.
   */
  public static final String LIFETIME_SIGNING = "1.3.6.1.4.1.311.10.3.13";

  private KeyPurpose() {}
}
