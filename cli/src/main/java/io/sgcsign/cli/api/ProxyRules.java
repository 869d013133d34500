// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import io.sgcsign.cli.outcome.Failure;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which proxy leads to a server: {@code --proxy}, else {@code https_proxy} or {@code http_proxy},
 * in lower or upper case, unless {@code no_proxy} names the host.
 */
public record ProxyRules(Optional<URI> https, Optional<URI> http, List<String> exempt) {
  private static final int DEFAULT_PORT = 80;

  public ProxyRules {
    exempt = List.copyOf(exempt);
  }

  /**
   * Reads the environment.
   *
   * @param flag a proxy for everything; {@code none}: no proxy
   */
  public static ProxyRules of(Optional<String> flag, Map<String, String> env) {
    if (flag.isPresent()) {
      Optional<URI> one = flag.filter(f -> !f.equals("none")).map(ProxyRules::parse);
      return new ProxyRules(one, one, List.of());
    }
    String exempt = variable(env, "no_proxy").orElse("");
    return new ProxyRules(
        variable(env, "https_proxy").map(ProxyRules::parse),
        // HTTP_PROXY in upper case can be set by a request's header in CGI programs (httpoxy)
        Optional.ofNullable(env.get("http_proxy")).filter(v -> !v.isBlank()).map(ProxyRules::parse),
        Arrays.stream(exempt.split("[,\\s]+", -1)).filter(e -> !e.isEmpty()).toList());
  }

  private static Optional<String> variable(Map<String, String> env, String name) {
    return Optional.ofNullable(env.get(name))
        .or(() -> Optional.ofNullable(env.get(name.toUpperCase(Locale.ROOT))))
        .filter(v -> !v.isBlank());
  }

  private static URI parse(String text) {
    return uri(text.contains("://") ? text.strip() : "http://" + text.strip())
        .filter(uri -> uri.getHost() != null && "http".equalsIgnoreCase(uri.getScheme()))
        .orElseThrow(() ->
            Failure.usage(
                    "\"" + text + "\" is no proxy",
                    "only HTTP proxies can be used",
                    "Write http://host:port, or --proxy none.")
                .exception());
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The proxy to take to {@code server}. */
  Optional<URI> proxyFor(URI server) {
    String host = server.getHost().toLowerCase(Locale.ROOT);
    boolean secure = "https".equalsIgnoreCase(server.getScheme());
    int port = server.getPort() > 0 ? server.getPort() : secure ? 443 : 80;
    boolean direct = exempt.stream().anyMatch(e -> exempts(e, host, port));
    return direct ? Optional.empty() : secure ? https : http;
  }

  private static boolean exempts(String entry, String host, int port) {
    String rule = entry.toLowerCase(Locale.ROOT);
    int colon = rule.lastIndexOf(':');
    if (colon > 0 && rule.indexOf(':') == colon && rule.substring(colon + 1).matches("[0-9]+")) {
      if (Integer.parseInt(rule.substring(colon + 1)) != port) {
        return false;
      }
      rule = rule.substring(0, colon);
    }
    String name = rule.startsWith("*.") ? rule.substring(1) : rule;
    String suffix = name.startsWith(".") ? name : "." + name;
    return rule.equals("*") || host.equals(suffix.substring(1)) || host.endsWith(suffix);
  }

  static Proxy proxy(URI uri) {
    int port = uri.getPort() > 0 ? uri.getPort() : DEFAULT_PORT;
    return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), port));
  }
}
