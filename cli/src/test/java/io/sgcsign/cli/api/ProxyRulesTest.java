// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.cli.outcome.FailureException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variables every program knows, and the flag over them. */
final class ProxyRulesTest {
  private static final Map<String, String> ENV =
      Map.of(
          "https_proxy", "proxy.test:3128",
          "HTTP_PROXY", "http://evil.test",
          "no_proxy", "localhost, .acme.test,other.test:8443");

  @ParameterizedTest
  @CsvSource({
    "https://sign.test:8443, proxy.test",
    "https://localhost:8443, ",
    "https://sign.acme.test, ",
    "https://acme.test, ",
    "https://notacme.test, proxy.test",
    "https://other.test:8443, ",
    "https://other.test, proxy.test",
    "http://sign.test, "
  })
  void followsTheVariables(URI server, String proxy) {
    Optional<URI> chosen = ProxyRules.of(Optional.empty(), ENV).proxyFor(server);

    assertThat(chosen.map(URI::getHost)).isEqualTo(Optional.ofNullable(proxy));
  }

  @Test
  void obeysTheFlagFirst() {
    URI local = URI.create("https://localhost:8443");

    assertThat(ProxyRules.of(Optional.of("none"), ENV).proxyFor(local)).isEmpty();
    assertThat(ProxyRules.of(Optional.of("http://p:1"), ENV).proxyFor(local))
        .contains(URI.create("http://p:1"));
  }

  @Test
  void refusesProxiesItCannotUse() {
    assertThatThrownBy(() -> ProxyRules.of(Optional.of("socks5://p:1"), ENV))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("only HTTP proxies");
  }
}
