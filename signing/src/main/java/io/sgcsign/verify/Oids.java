// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

/** Object identifiers of CMS attributes and content types that the verifiers look for. */
final class Oids {
  /** id-data (RFC 5652 §4). */
  static final String DATA = "1.2.840.113549.1.7.1";

  /** id-contentType (RFC 5652 §11.1). */
  static final String CONTENT_TYPE = "1.2.840.113549.1.9.3";

  /** id-messageDigest (RFC 5652 §11.2). */
  static final String MESSAGE_DIGEST = "1.2.840.113549.1.9.4";

  /** id-signingTime (RFC 5652 §11.3). */
  static final String SIGNING_TIME = "1.2.840.113549.1.9.5";

  /** id-countersignature (RFC 5652 §11.4): Authenticode's time stamp before RFC 3161. */
  static final String COUNTER_SIGNATURE = "1.2.840.113549.1.9.6";

  /** szOID_RFC3161_counterSign: Microsoft's place for an RFC 3161 token. */
  static final String MICROSOFT_TIME_STAMP = "1.3.6.1.4.1.311.3.3.1";

  /** id-aa-timeStampToken (RFC 3161 Appendix A). */
  static final String TIME_STAMP_TOKEN = "1.2.840.113549.1.9.16.2.14";

  /** id-aa-signingCertificate (RFC 2634 §5.4). */
  static final String SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";

  /** id-aa-signingCertificateV2 (RFC 5035 §3). */
  static final String SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

  /** id-ct-TSTInfo (RFC 3161 §2.4.2). */
  static final String TST_INFO = "1.2.840.113549.1.9.16.1.4";

  private Oids() {}
}
