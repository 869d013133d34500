// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.format.Formats;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.key.PemIdentity;
import io.sgcsign.server.account.AccountDesk;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.guard.Firewall;
import io.sgcsign.server.identity.Authenticator;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.ops.Health;
import io.sgcsign.server.ops.Log;
import io.sgcsign.server.request.HashDesk;
import io.sgcsign.server.request.KeyRing;
import io.sgcsign.server.request.SigningDesk;
import io.sgcsign.server.request.VerifyDesk;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** Puts every endpoint behind one listener. */
public final class HttpServer {
  private HttpServer() {}

  /** What the endpoints need. */
  public record Desks(
      SigningDesk signing,
      HashDesk hashes,
      VerifyDesk verification,
      AccountDesk accounts,
      KeyRing keys,
      Ledger ledger,
      Health health) {}

  /** Who is let in. */
  public record Door(Firewall firewall, Authenticator authenticator) {}

  /**
   * Starts listening.
   *
   * @param version of the software, for the OpenAPI document
   * @throws GeneralSecurityException if the TLS certificate cannot be used
   */
  public static HttpListener start(
      ServerConfig config,
      Desks desks,
      Door door,
      Spool spool,
      CryptoBackend crypto,
      InstantSource clock,
      Supplier<String> requestIds,
      Log log,
      String version)
      throws IOException, GeneralSecurityException {
    var endpoints = endpoints(desks, door, spool, clock);
    endpoints.add(new OpenApiEndpoint(List.copyOf(endpoints), version));
    var router =
        new Router(
            endpoints, door.firewall(), door.authenticator(), config.server().publicPaths(), log);
    Optional<SSLContext> tls =
        config.server().tls().isPresent()
            ? Optional.of(
                TlsContext.create(
                    config.server().tls().get(), files -> identity(files, crypto), clock))
            : Optional.empty();
    return HttpListener.start(
        config.server().listen(),
        config.server().port(),
        tls,
        config.server().maxUploadBytes(),
        router,
        requestIds);
  }

  static List<Endpoint> endpoints(Desks desks, Door door, Spool spool, InstantSource clock) {
    var all = new ArrayList<Endpoint>();
    for (SignatureFormat format : Formats.ALL) {
      all.add(new SignEndpoint(format, desks.signing(), spool, clock));
      if (format.descriptor().byHash()) {
        all.add(new HashEndpoint(format, desks.hashes()));
      }
    }
    all.add(new VerifyEndpoint(desks.verification(), spool, clock));
    all.add(new ErrorPageEndpoint());
    all.addAll(ProviderEndpoints.all(desks.keys(), desks.hashes()));
    all.addAll(RequestEndpoints.all(desks.ledger()));
    all.add(new SignatureEndpoint(desks.ledger()));
    all.addAll(HealthEndpoints.all(desks.health()));
    all.addAll(AccountEndpoints.all(desks.accounts(), desks.keys(), door.firewall(), clock));
    return all;
  }

  private static TlsContext.Identity identity(ServerConfig.Tls files, CryptoBackend crypto) {
    PemIdentity read = PemIdentity.read(files.certificate(), files.key(), files.password(), crypto);
    return new TlsContext.Identity(read.key(), read.chain().certificates());
  }
}
