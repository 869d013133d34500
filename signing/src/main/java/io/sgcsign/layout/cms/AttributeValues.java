// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cms;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** OIDs and values of signed attributes that several formats have. */
public final class AttributeValues {
  /** id-signingTime (RFC 5652 §11.3). */
  public static final String SIGNING_TIME = "1.2.840.113549.1.9.5";

  /** id-aa-ets-commitmentType (RFC 5126 §5.11.1). */
  public static final String COMMITMENT_TYPE = "1.2.840.113549.1.9.16.2.16";

  /** id-aa-signingCertificateV2 (RFC 5035 §3). */
  public static final String SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;

  /** From this year on it is a GeneralizedTime (RFC 5652 §11.3). */
  private static final int LAST_UTC_YEAR = 2049;

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT);
  private static final DateTimeFormatter GENERALIZED =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT);

  private AttributeValues() {}

  public static Bytes signingTime(Instant time) {
    LocalDateTime at = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    boolean utc = at.getYear() <= LAST_UTC_YEAR;
    String text = at.format(utc ? UTC : GENERALIZED);
    return DerWriter.element(
        utc ? UTC_TIME : GENERALIZED_TIME, Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /** CommitmentTypeIndication without qualifiers. */
  public static Bytes commitmentType(String oid) {
    return DerWriter.sequence(DerWriter.oid(oid));
  }

  /** SigningCertificateV2 that names one certificate by SHA-256, issuer and serial number. */
  public static Bytes signingCertificateV2(X509Certificate certificate) {
    Bytes issuer = Bytes.wrap(certificate.getIssuerX500Principal().getEncoded());
    // GeneralNames with a directoryName [4]
    Bytes issuerSerial =
        DerWriter.sequence(
            DerWriter.sequence(DerWriter.explicit(4, issuer)),
            DerWriter.integer(certificate.getSerialNumber()));
    // SHA-256 is the default of hashAlgorithm and so left out
    Bytes hash = DerWriter.octetString(Digest.sha256(CertificateChain.der(certificate)).value());
    return DerWriter.sequence(DerWriter.sequence(DerWriter.sequence(hash, issuerSerial)));
  }
}
