// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.identity;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.view.ApiKey;
import io.sgcsign.server.view.User;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Names the principal behind a credential. Thread-safe. */
public final class Authenticator {
  private static final String BEARER = "Bearer ";
  private static final String PURPOSE = "api key";

  private final ServerSecret secret;
  private final Sessions sessions;
  private final RecentKeys keys;
  private final Function<String, Optional<User>> userById;
  private final InstantSource clock;
  private final SecureRandom random;

  /**
   * @param keyByMac finds an API key by what {@link #stored} made of its text
   */
  public Authenticator(
      ServerSecret secret,
      Sessions sessions,
      Function<Bytes, Optional<ApiKey>> keyByMac,
      Function<String, Optional<User>> userById,
      InstantSource clock,
      SecureRandom random) {
    this.secret = secret;
    this.sessions = sessions;
    this.keys = new RecentKeys(keyByMac, clock);
    this.userById = userById;
    this.clock = clock;
    this.random = random;
  }

  /** A new key's text. */
  public String newKeyText() {
    return KeyText.create(random);
  }

  /** To be called when a key was revoked or changed: from now on it is looked up again. */
  public void keysChanged() {
    keys.changed();
  }

  /** What is stored of a key: good for nothing without the server's secret. */
  public Bytes stored(String keyText) {
    return secret.mac(PURPOSE, keyText);
  }

  /**
   * Reads both headers a credential may stand in.
   *
   * @return empty if there is no credential
   * @throws AccessException if there is one and it is not good
   */
  public Optional<Principal> authenticate(Optional<String> apiKey, Optional<String> authorization) {
    Optional<String> bearer = authorization.map(Authenticator::bearer);
    if (apiKey.isPresent() && bearer.isPresent() && !apiKey.equals(bearer)) {
      throw refused(Code.CREDENTIALS_CONFLICT, "Two different credentials", false);
    }
    return apiKey.or(() -> bearer).map(this::principal);
  }

  private static String bearer(String header) {
    if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw refused(
          Code.CREDENTIALS_INVALID, "Authorization takes \"Bearer\" and a key or token", false);
    }
    return header.substring(BEARER.length()).strip();
  }

  private Principal principal(String credential) {
    return credential.startsWith(Sessions.PREFIX) ? user(credential) : key(credential);
  }

  private Principal user(String token) {
    return sessions
        .read(token)
        .flatMap(known ->
            userById
                .apply(known.userId())
                .map(u -> new Principal.User(u.id(), u.name(), known.expiresAt())))
        .orElseThrow(
            () -> refused(Code.CREDENTIALS_INVALID, "The token is not good or has expired", true));
  }

  private Principal key(String text) {
    if (!KeyText.wellFormed(text)) {
      // a typo or something else entirely: no guess at a key, so no step towards a ban
      throw refused(
          Code.KEY_MALFORMED, "This is not an sgcsign key: its checksum does not match", false);
    }
    ApiKey key =
        keys.find(stored(text))
            .orElseThrow(
                () -> refused(Code.CREDENTIALS_INVALID, "The API key is unknown or revoked", true));
    Instant now = clock.instant();
    if (key.revokedAt().isPresent()) {
      throw refused(Code.CREDENTIALS_INVALID, "The API key was revoked", true);
    }
    if (!key.usableAt(now)) {
      throw refused(Code.CREDENTIALS_INVALID, "The API key expired on " + key.expiresAt(), false);
    }
    return new Principal.ApiKey(
        key.id(),
        key.name(),
        Set.copyOf(key.providers()),
        Set.copyOf(key.formats()),
        key.expiresAt());
  }

  private static AccessException refused(Code code, String detail, boolean guess) {
    return new AccessException(Problem.of(code, detail), guess);
  }
}
