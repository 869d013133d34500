// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.identity;

import io.sgcsign.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/**
 * Administrators' tokens: {@code sgcst_}, user, expiry and a nonce under the server's MAC. They
 * survive a restart and need no table. Thread-safe.
 */
public final class Sessions {
  static final String PREFIX = "sgcst_";
  private static final String PURPOSE = "session";
  private static final int NONCE = 16;

  private final ServerSecret secret;
  private final Duration life;
  private final InstantSource clock;
  private final SecureRandom random;

  public Sessions(ServerSecret secret, Duration life, InstantSource clock, SecureRandom random) {
    this.secret = secret;
    this.life = life;
    this.clock = clock;
    this.random = random;
  }

  /** A token and when it ends. */
  public record Session(String token, Instant expiresAt) {}

  public Session create(String userId) {
    Instant end = clock.instant().plus(life);
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    String payload =
        base64(Bytes.utf8(userId)) + "." + end.getEpochSecond() + "." + base64(Bytes.wrap(nonce));
    return new Session(
        PREFIX + payload + "." + mac(payload), Instant.ofEpochSecond(end.getEpochSecond()));
  }

  /** The user and the end of a token of ours that is still good. */
  Optional<Known> read(String token) {
    int cut = token.lastIndexOf('.');
    if (!token.startsWith(PREFIX) || cut < PREFIX.length()) {
      return Optional.empty();
    }
    String payload = token.substring(PREFIX.length(), cut);
    if (!Bytes.utf8(mac(payload)).equals(Bytes.utf8(token.substring(cut + 1)))) {
      return Optional.empty();
    }
    String[] parts = payload.split("\\.", -1);
    Instant end = Instant.ofEpochSecond(Long.parseLong(parts[1]));
    String user = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
    return end.isAfter(clock.instant()) ? Optional.of(new Known(user, end)) : Optional.empty();
  }

  /** Who a token speaks for. */
  record Known(String userId, Instant expiresAt) {}

  private String mac(String payload) {
    return base64(secret.mac(PURPOSE, payload));
  }

  private static String base64(Bytes bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toArray());
  }
}
