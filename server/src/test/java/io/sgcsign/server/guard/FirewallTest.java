// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.server.config.Cidr;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.wire.Code;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirewallTest {
  private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");
  private Instant now = START;

  private Firewall firewall(List<String> whitelist, List<String> blacklist) {
    var rules =
        new ServerConfig.Firewall(
            whitelist.stream().map(c -> Cidr.parse(c).orElseThrow()).toList(),
            blacklist.stream().map(c -> Cidr.parse(c).orElseThrow()).toList(),
            Optional.of(new ServerConfig.BruteForce(3, 900)),
            Optional.of(new ServerConfig.RateLimit(2, 60)));
    return new Firewall(rules, () -> now);
  }

  private static InetAddress ip(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  @Test
  void letsTheBlacklistWinOverTheWhitelist() throws UnknownHostException {
    var firewall = firewall(List.of("10.0.0.0/8"), List.of("10.9.0.0/16"));
    assertThat(firewall.refuse(ip("10.1.2.3"), "a")).isEmpty();
    assertThat(firewall.refuse(ip("10.9.2.3"), "b")).isPresent();
    assertThat(firewall.refuse(ip("192.0.2.1"), "c")).isPresent();
  }

  @Test
  void bansAfterTooManyFailuresAndForgetsInTime() throws UnknownHostException {
    var firewall = firewall(List.of(), List.of());
    InetAddress peer = ip("192.0.2.7");
    assertThat(firewall.failed(peer)).isFalse();
    assertThat(firewall.failed(peer)).isFalse();
    assertThat(firewall.refuse(peer, "a")).isEmpty();
    assertThat(firewall.failed(peer)).isTrue();
    var problem = firewall.refuse(peer, "a").orElseThrow();
    assertThat(problem.code()).isEqualTo(Code.BANNED);
    assertThat(problem.retryAfterSeconds()).isEqualTo(900);
    assertThat(firewall.refuse(ip("192.0.2.8"), "b")).isEmpty();
    now = START.plusSeconds(901);
    assertThat(firewall.refuse(peer, "a")).isEmpty();
  }

  @Test
  void forgetsFailuresAfterARightCredential() throws UnknownHostException {
    var firewall = firewall(List.of(), List.of());
    InetAddress peer = ip("192.0.2.7");
    var _ = firewall.failed(peer);
    var _ = firewall.failed(peer);
    firewall.succeeded(peer);
    assertThat(firewall.failed(peer)).isFalse();
  }

  @Test
  void countsNewConnectionsNotRequests() throws UnknownHostException {
    var firewall = firewall(List.of(), List.of());
    InetAddress peer = ip("2001:db8::1");
    for (int i = 0; i < 10; i++) {
      assertThat(firewall.refuse(peer, "one")).isEmpty();
    }
    assertThat(firewall.refuse(peer, "two")).isEmpty();
    assertThat(firewall.refuse(ip("2001:db8::2"), "three").orElseThrow().code())
        .as("the same /64")
        .isEqualTo(Code.RATE_LIMITED);
    now = START.plusSeconds(61);
    assertThat(firewall.refuse(peer, "three")).isEmpty();
    assertThat(firewall.refuse(peer, "one")).as("an old connection goes on").isEmpty();
    assertThat(firewall.refuse(peer, "four")).isEmpty();
    assertThat(firewall.refuse(peer, "five")).isPresent();
  }
}
