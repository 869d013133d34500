// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EgressTest {
  private final Egress egress =
      Egress.guard(List.of(URI.create("http://127.0.0.1:3161/tsa")), EgressTest::resolve);

  private static List<InetAddress> resolve(String host) throws UnknownHostException {
    return switch (host) {
      case "public.example" -> List.of(InetAddress.ofLiteral("93.184.216.34"));
      case "inner.example" -> List.of(InetAddress.ofLiteral("10.1.2.3"));
      case "mixed.example" ->
          List.of(InetAddress.ofLiteral("93.184.216.34"), InetAddress.ofLiteral("127.0.0.1"));
      case "unknown.example" -> throw new UnknownHostException(host);
      default -> List.of(InetAddress.ofLiteral(host));
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:3161/tsa",
        "http://127.0.0.1:3161/other",
        "http://public.example/tsa",
        "https://public.example:443/",
        "http://8.8.8.8/",
        "http://[2606:4700:4700::1111]/"
      })
  void letsOutToConfiguredPlacesAndPublicHosts(String uri) {
    assertThatCode(() -> egress.check(URI.create(uri))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:3162/tsa",
        "https://127.0.0.1:3161/tsa",
        "http://inner.example/",
        "http://mixed.example/",
        "http://public.example:8080/",
        "http://user:pw@public.example/",
        "ftp://public.example/",
        "file:///etc/passwd",
        "http:///nowhere",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.100.100.200/",
        "http://[::1]/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001::1]/",
        "http://0.0.0.0/",
        "http://255.255.255.255/",
        "http://172.31.255.255/"
      })
  void keepsAllElseIn(String uri) {
    assertThatThrownBy(() -> egress.check(URI.create(uri)))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.kind()).isEqualTo(NetException.Kind.FORBIDDEN));
  }

  @Test
  void saysWhenAHostIsUnknown() {
    assertThatThrownBy(() -> egress.check(URI.create("http://unknown.example/")))
        .isInstanceOfSatisfying(
            NetException.class, e -> assertThat(e.kind()).isEqualTo(NetException.Kind.UNREACHABLE));
  }

  @Test
  void keepsSecretsOfTheAddressOutOfTheMessage() {
    assertThatThrownBy(() -> egress.check(URI.create("http://u:secret@h/?token=hidden")))
        .message()
        .doesNotContain("secret", "hidden");
  }
}
