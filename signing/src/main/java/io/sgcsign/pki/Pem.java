// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import io.sgcsign.bytes.Bytes;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the textual encoding of RFC 7468. */
public final class Pem {
  /** Characters of base64 in a line (RFC 7468 §2). */
  private static final int LINE = 64;

  private Pem() {}

  /** {@code der} between {@code BEGIN label} and {@code END label}. */
  public static String encode(String label, Bytes der) {
    var base64 = Base64.getMimeEncoder(LINE, new byte[] {'\n'});
    return "-----BEGIN "
        + label
        + "-----\n"
        + base64.encodeToString(der.toArray())
        + "\n-----END "
        + label
        + "-----\n";
  }

  /** All certificates, one after the other. */
  public static String encode(List<X509Certificate> certificates) {
    return certificates.stream()
        .map(c -> encode("CERTIFICATE", CertificateChain.der(c)))
        .collect(Collectors.joining());
  }
}
