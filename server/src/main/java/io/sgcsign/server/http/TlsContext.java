// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.server.config.ServerConfig;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The TLS side of the listener. A changed certificate file is taken up by the next handshake; a bad
 * one leaves the old in place.
 */
final class TlsContext {
  private TlsContext() {}

  /** Reads certificate and key. */
  interface Reader {
    Identity read(ServerConfig.Tls files) throws IOException, GeneralSecurityException;
  }

  /** A key and its chain. */
  record Identity(PrivateKey key, List<X509Certificate> chain) {}

  static SSLContext create(ServerConfig.Tls files, Reader reader, InstantSource clock)
      throws IOException, GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new Reloading(files, reader, clock)}, null, null);
    return context;
  }

  /** Looks for a new certificate at most once a second. */
  private static final class Reloading extends X509ExtendedKeyManager {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ServerConfig.Tls files;
    private final Reader reader;
    private final InstantSource clock;
    private X509ExtendedKeyManager current;
    private FileTime changed;
    private Instant next;

    Reloading(ServerConfig.Tls files, Reader reader, InstantSource clock)
        throws IOException, GeneralSecurityException {
      this.files = files;
      this.reader = reader;
      this.clock = clock;
      this.changed = changed();
      this.current = load();
      this.next = clock.instant().plus(PAUSE);
    }

    private FileTime changed() throws IOException {
      FileTime certificate = Files.getLastModifiedTime(files.certificate());
      FileTime key = Files.getLastModifiedTime(files.key());
      return certificate.compareTo(key) > 0 ? certificate : key;
    }

    private X509ExtendedKeyManager load() throws IOException, GeneralSecurityException {
      Identity identity = reader.read(files);
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "server", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
      var factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, new char[0]);
      for (KeyManager manager : factory.getKeyManagers()) {
        if (manager instanceof X509ExtendedKeyManager found) {
          return found;
        }
      }
      throw new GeneralSecurityException("No key manager");
    }

    private synchronized X509ExtendedKeyManager manager() {
      Instant now = clock.instant();
      if (now.isAfter(next)) {
        next = now.plus(PAUSE);
        reload();
      }
      return current;
    }

    private void reload() {
      try {
        FileTime latest = changed();
        if (!latest.equals(changed)) {
          current = load();
          changed = latest;
        }
      } catch (IOException | GeneralSecurityException e) {
        // the certificate is being replaced or is bad: go on with the one we have, look again
        next = clock.instant().plus(PAUSE);
      }
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return manager().getServerAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return manager().chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return manager().chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return manager().getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return manager().getPrivateKey(alias);
    }
  }
}
