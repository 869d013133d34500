// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import io.sgcsign.cli.outcome.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads certificates. */
public final class PemFile {
  private PemFile() {}

  /**
   * The certificates of a PEM (or one of a DER) file.
   *
   * @param role what the file is for, for the message if it is wrong
   */
  public static List<X509Certificate> read(Path file, String role) {
    try {
      return certificates(Files.readAllBytes(file));
    } catch (IOException e) {
      throw wrong(file, role, "it cannot be read: " + e);
    } catch (CertificateException e) {
      throw wrong(file, role, "it holds no certificates: " + e.getMessage());
    }
  }

  /** The certificates of a PEM text. */
  static List<X509Certificate> parse(String pem) throws CertificateException {
    return certificates(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private static List<X509Certificate> certificates(byte[] bytes) throws CertificateException {
    var out = new ArrayList<X509Certificate>();
    var factory = CertificateFactory.getInstance("X.509");
    for (var certificate : factory.generateCertificates(new ByteArrayInputStream(bytes))) {
      out.add((X509Certificate) certificate);
    }
    if (out.isEmpty()) {
      throw new CertificateException("there is none in it");
    }
    return out;
  }

  private static RuntimeException wrong(Path file, String role, String why) {
    return Failure.usage(
            "The file " + file + " (" + role + ") cannot be used",
            why,
            "Name a PEM file with -----BEGIN CERTIFICATE-----.")
        .exception();
  }
}
