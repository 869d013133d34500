// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Reads trusted certificates. */
final class AnchorFile {
  private AnchorFile() {}

  /** The certificates of a PEM file. */
  static List<X509Certificate> read(Path file) {
    try {
      var in = new ByteArrayInputStream(Files.readAllBytes(file));
      var out = new ArrayList<X509Certificate>();
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        out.add((X509Certificate) certificate);
      }
      if (out.isEmpty()) {
        throw new StartException(file + " holds no certificate");
      }
      return out;
    } catch (IOException | CertificateException e) {
      throw new StartException("The certificates in " + file + " cannot be read: " + e, e);
    }
  }

  /** The certificates this JDK trusts. */
  static List<X509Certificate> system() {
    try {
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return Arrays.stream(factory.getTrustManagers()).flatMap(AnchorFile::accepted).toList();
    } catch (GeneralSecurityException e) {
      throw new StartException("The JDK's trusted certificates cannot be read: " + e, e);
    }
  }

  private static Stream<X509Certificate> accepted(TrustManager manager) {
    return manager instanceof X509TrustManager x509
        ? Arrays.stream(x509.getAcceptedIssuers())
        : Stream.empty();
  }
}
