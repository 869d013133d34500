// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections. {@code HttpURLConnection} because it starts three times faster than {@code
 * java.net.http}. Thread-safe.
 */
public final class Connector {
  /** To a server that is up this takes milliseconds; a dead address must not take minutes. */
  private static final Duration CONNECT = Duration.ofSeconds(10);

  static {
    // before the first connection, when the JDK reads them.
    // The JDK must not send a POST again behind our back: we do, with the same keys
    System.setProperty("sun.net.http.retryPost", "false");
    // proxies ask for Basic before a tunnel; what they get is meant for them
    System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
  }

  private final ProxyRules proxies;
  private final Optional<Path> caFile;
  private final Duration patience;
  private @Nullable SSLSocketFactory sockets;

  /**
   * @param caFile whom to trust in place of the system's authorities
   * @param patience how long to wait for an answer
   */
  public Connector(ProxyRules proxies, Optional<Path> caFile, Duration patience) {
    this.proxies = proxies;
    this.caFile = caFile;
    this.patience = patience;
  }

  HttpURLConnection open(URI uri) throws IOException {
    Optional<URI> proxy = proxies.proxyFor(uri);
    var connection =
        (HttpURLConnection)
            uri.toURL().openConnection(proxy.map(ProxyRules::proxy).orElse(Proxy.NO_PROXY));
    proxy.map(URI::getRawUserInfo).ifPresent(user -> authenticate(connection, user));
    if (connection instanceof HttpsURLConnection https && caFile.isPresent()) {
      https.setSSLSocketFactory(sockets(caFile.get()));
    }
    connection.setInstanceFollowRedirects(false); // a credential goes nowhere else
    connection.setUseCaches(false);
    connection.setConnectTimeout(Math.toIntExact(CONNECT.toMillis()));
    connection.setReadTimeout(Math.toIntExact(patience.toMillis()));
    return connection;
  }

  private static void authenticate(HttpURLConnection connection, String userInfo) {
    String[] parts = userInfo.split(":", 2);
    String user = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
    String password = parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
    connection.setAuthenticator(
        new Authenticator() {
          @Override
          protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                ? new PasswordAuthentication(user, password.toCharArray())
                : null;
          }
        });
  }

  private synchronized SSLSocketFactory sockets(Path file) {
    if (sockets == null) {
      sockets = trusting(PemFile.read(file, "--ca-file, SGCSIGN_CA_FILE"));
    }
    return sockets;
  }

  private static SSLSocketFactory trusting(List<X509Certificate> authorities) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("ca" + i, authorities.get(i));
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("This JDK cannot trust certificates of a file", e);
    }
  }
}
