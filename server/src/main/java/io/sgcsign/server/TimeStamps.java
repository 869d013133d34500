// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.net.Egress;
import io.sgcsign.net.RestClient;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.ops.Health;
import io.sgcsign.timestamp.CounterSignatureClient;
import io.sgcsign.timestamp.Rfc3161Client;
import io.sgcsign.timestamp.StampProtocol;
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.timestamp.TimestampPool;
import java.net.ProxySelector;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The time-stamp authorities this server asks: the configured pools, or one that is named. */
final class TimeStamps implements AutoCloseable {
  /** What a client waits for a stamp, whichever authority gives it. */
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final House.World world;
  private final RestClient http;
  private final List<X509Certificate> anchors;
  private final TimestampPool tokens;
  private final TimestampPool counterSignatures;
  private final Map<URI, TimestampAuthority> named = new ConcurrentHashMap<>();

  TimeStamps(ServerConfig config, House.World world) {
    this.world = world;
    var inside = new ArrayList<URI>();
    config.timestamping().authorities().forEach(a -> inside.add(a.url()));
    config.providers().forEach(p -> p.tsaUrl().ifPresent(inside::add));
    inside.addAll(config.timestamping().allowed());
    this.http =
        RestClient.open(Egress.guard(inside), Optional.ofNullable(ProxySelector.getDefault()));
    var members = new EnumMap<StampProtocol, List<TimestampPool.Member>>(StampProtocol.class);
    var all = new ArrayList<X509Certificate>();
    for (ServerConfig.Authority authority : config.timestamping().authorities()) {
      List<X509Certificate> own = authority.anchors().map(AnchorFile::read).orElse(List.of());
      all.addAll(own);
      var trusted = own.isEmpty() ? Optional.<TrustStore>empty() : Optional.of(TrustStore.of(own));
      members
          .computeIfAbsent(authority.protocol(), _ -> new ArrayList<>())
          .add(
              new TimestampPool.Member(
                  authority.url().toString(), client(authority, trusted), authority.perMinute()));
    }
    this.anchors = List.copyOf(all);
    var rules = new TimestampPool.Rules(DEADLINE, config.timestamping().hedge());
    this.tokens = pool(members.get(StampProtocol.RFC3161), rules);
    this.counterSignatures = pool(members.get(StampProtocol.AUTHENTICODE), rules);
  }

  private TimestampPool pool(
      @Nullable List<TimestampPool.Member> members, TimestampPool.Rules rules) {
    return new TimestampPool(members == null ? List.of() : members, rules, world.clock());
  }

  private TimestampAuthority client(
      ServerConfig.Authority authority, Optional<TrustStore> trusted) {
    return switch (authority.protocol()) {
      case RFC3161 -> client(authority.url(), trusted, authority.policy());
      case AUTHENTICODE ->
          new CounterSignatureClient(
              authority.url(), trusted, Rfc3161Client.Settings.USUAL_DEADLINE, http, world.clock());
    };
  }

  private Rfc3161Client client(URI url, Optional<TrustStore> trusted, Optional<String> policy) {
    var settings =
        new Rfc3161Client.Settings(url, trusted, policy, Rfc3161Client.Settings.USUAL_DEADLINE);
    return new Rfc3161Client(settings, http, world.clock(), world.random());
  }

  /** What the configured authorities' tokens must lead to. */
  List<X509Certificate> anchors() {
    return anchors;
  }

  /** The authority at {@code url}, which the policy has allowed; the pool if none is named. */
  TimestampAuthority authority(StampProtocol protocol, Optional<URI> url) {
    return switch (protocol) {
      case RFC3161 ->
          url.isEmpty()
              ? tokens
              : tokens.only(url.get().toString()).orElseGet(() -> other(url.get()));
      // the policy names no other than a configured one
      case AUTHENTICODE ->
          url.isEmpty()
              ? counterSignatures
              : counterSignatures.only(url.get().toString()).orElseThrow();
    };
  }

  private TimestampAuthority other(URI url) {
    return named.computeIfAbsent(url, u -> client(u, Optional.empty(), Optional.empty()));
  }

  /** How the configured authorities stand, in order. */
  List<Health.AuthorityState> states() {
    return Stream.concat(
            states(tokens, StampProtocol.RFC3161),
            states(counterSignatures, StampProtocol.AUTHENTICODE))
        .toList();
  }

  private static Stream<Health.AuthorityState> states(TimestampPool pool, StampProtocol protocol) {
    return pool.standings().stream()
        .map(s ->
            new Health.AuthorityState(
                s.name(),
                protocol.wireName(),
                s.state(),
                s.failures(),
                s.lastFailure(),
                s.retryAt()));
  }

  @Override
  public void close() {
    http.close();
  }
}
