// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import io.sgcsign.cli.outcome.Failure;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** Where the server is. */
public record ServerAddress(URI base) {
  private static final List<String> LOOPBACK =
      List.of("localhost", "127.0.0.1", "[::1]", "::1", "0:0:0:0:0:0:0:1");

  /** Reads {@code https://host[:port][/path]}; anything else is a usage failure. */
  public static ServerAddress parse(String text) {
    String trimmed = text.strip();
    URI uri;
    try {
      uri = URI.create(trimmed);
    } catch (IllegalArgumentException e) {
      throw wrong(trimmed, "it is no URL: " + e.getMessage());
    }
    String scheme = uri.getScheme();
    if (scheme == null || !(scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http"))) {
      throw wrong(trimmed, "it does not begin with https:// (or http://)");
    }
    if (uri.getHost() == null || uri.getUserInfo() != null || uri.getQuery() != null) {
      throw wrong(trimmed, "it is not scheme, host and port alone");
    }
    return new ServerAddress(uri);
  }

  private static RuntimeException wrong(String text, String why) {
    return Failure.usage(
            "\"" + text + "\" is no server address",
            why,
            "Set SGCSIGN_SERVER or --server to something like https://sign.acme.local:8443.")
        .exception();
  }

  /** The address of {@code path}, which begins with a slash. */
  public URI uri(String path) {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
  }

  /** Scheme, host and port, always alike: credentials are bound to this. */
  public String origin() {
    String scheme = base.getScheme().toLowerCase(Locale.ROOT);
    int port = base.getPort() > 0 ? base.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme + "://" + base.getHost().toLowerCase(Locale.ROOT) + ":" + port;
  }

  public boolean tls() {
    return base.getScheme().equalsIgnoreCase("https");
  }

  /** Whether what is sent can be read on the way. */
  public boolean exposed() {
    return !tls() && !LOOPBACK.contains(base.getHost().toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
