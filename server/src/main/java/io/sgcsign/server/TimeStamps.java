// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.net.Egress;
import io.sgcsign.net.RestClient;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.timestamp.Rfc3161Client;
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.timestamp.TimestampPool;
import java.net.ProxySelector;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The time-stamp authorities this server asks: the configured pool, or one that is named. */
final class TimeStamps implements AutoCloseable {
  /** What a client waits for a stamp, whichever authority gives it. */
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final House.World world;
  private final RestClient http;
  private final List<X509Certificate> anchors;
  private final TimestampPool pool;
  private final Map<URI, TimestampAuthority> named = new ConcurrentHashMap<>();

  TimeStamps(ServerConfig config, House.World world) {
    this.world = world;
    var inside = new ArrayList<URI>();
    config.timestamping().authorities().forEach(a -> inside.add(a.url()));
    config.providers().forEach(p -> p.tsaUrl().ifPresent(inside::add));
    inside.addAll(config.timestamping().allowed());
    this.http =
        RestClient.open(Egress.guard(inside), Optional.ofNullable(ProxySelector.getDefault()));
    var clients = new ArrayList<Rfc3161Client>();
    var all = new ArrayList<X509Certificate>();
    for (ServerConfig.Authority authority : config.timestamping().authorities()) {
      List<X509Certificate> own = authority.anchors().map(AnchorFile::read).orElse(List.of());
      all.addAll(own);
      clients.add(
          client(
              authority.url(), own.isEmpty() ? Optional.empty() : Optional.of(TrustStore.of(own))));
    }
    this.anchors = List.copyOf(all);
    this.pool = new TimestampPool(clients, DEADLINE, world.clock());
    config.timestamping().authorities().forEach(a -> named.put(a.url(), clients.get(named.size())));
  }

  private Rfc3161Client client(URI url, Optional<TrustStore> trusted) {
    var settings = new Rfc3161Client.Settings(url, trusted, Rfc3161Client.Settings.USUAL_DEADLINE);
    return new Rfc3161Client(settings, http, world.clock(), world.random());
  }

  /** What the configured authorities' tokens must lead to. */
  List<X509Certificate> anchors() {
    return anchors;
  }

  /** The authority at {@code url}, which the policy has allowed; the pool if none is named. */
  TimestampAuthority authority(Optional<URI> url) {
    return url.<TimestampAuthority>map(
            u -> named.computeIfAbsent(u, other -> client(other, Optional.empty())))
        .orElse(pool);
  }

  @Override
  public void close() {
    http.close();
  }
}
