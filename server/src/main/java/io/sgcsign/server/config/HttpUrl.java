// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Reads http and https URLs without user information. */
public final class HttpUrl {
  private HttpUrl() {}

  public static Optional<URI> parse(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return http && uri.getHost() != null && uri.getUserInfo() == null
          ? Optional.of(uri)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
