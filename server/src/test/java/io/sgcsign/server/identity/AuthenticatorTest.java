// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Secret;
import io.sgcsign.server.view.ApiKey;
import io.sgcsign.server.view.User;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticatorTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  @TempDir Path folder;
  private final Map<Bytes, ApiKey> keys = new HashMap<>();
  private Instant now = NOW;
  private final InstantSource clock = () -> now;
  private Sessions sessions;
  private Authenticator authenticator;

  @BeforeEach
  void open() throws IOException {
    var random = new SecureRandom();
    var secret = ServerSecret.open(folder.resolve("secret"), random);
    sessions = new Sessions(secret, Duration.ofMinutes(60), clock, random);
    authenticator =
        new Authenticator(
            secret,
            sessions,
            mac -> Optional.ofNullable(keys.get(mac)),
            id ->
                id.equals("usr_1")
                    ? Optional.of(new User(id, "admin", "a", NOW))
                    : Optional.empty(),
            clock,
            random);
  }

  private String newKey(Optional<Instant> revoked) {
    String text = authenticator.newKeyText();
    var key =
        new ApiKey(
            "key_1",
            "ci",
            List.of("p"),
            List.of(),
            List.of(),
            NOW.plusSeconds(60),
            "usr_1",
            NOW,
            revoked);
    keys.put(authenticator.stored(text), key);
    return text;
  }

  private Code refused(Optional<String> apiKey, Optional<String> authorization) {
    return catchThrowableOfType(
            AccessException.class, () -> authenticator.authenticate(apiKey, authorization))
        .problem()
        .code();
  }

  @Test
  void knowsAKeyInEitherHeader() {
    String key = newKey(Optional.empty());
    for (var principal :
        List.of(
            authenticator.authenticate(Optional.of(key), Optional.empty()),
            authenticator.authenticate(Optional.empty(), Optional.of("Bearer " + key)),
            authenticator.authenticate(Optional.of(key), Optional.of("bearer " + key)))) {
      assertThat(principal)
          .contains(
              new Principal.ApiKey("key_1", "ci", Set.of("p"), Set.of(), NOW.plusSeconds(60)));
    }
  }

  @Test
  void refusesTwoDifferentCredentials() {
    String one = newKey(Optional.empty());
    String two = newKey(Optional.empty());
    assertThat(refused(Optional.of(one), Optional.of("Bearer " + two)))
        .isEqualTo(Code.CREDENTIALS_CONFLICT);
  }

  @Test
  void refusesUnknownRevokedAndExpiredKeysAndTypos() {
    String unknown = authenticator.newKeyText();
    assertThat(refused(Optional.of(unknown), Optional.empty())).isEqualTo(Code.CREDENTIALS_INVALID);
    String revoked = newKey(Optional.of(NOW));
    assertThat(refused(Optional.of(revoked), Optional.empty())).isEqualTo(Code.CREDENTIALS_INVALID);
    String expired = newKey(Optional.empty());
    now = NOW.plusSeconds(61);
    assertThat(refused(Optional.of(expired), Optional.empty())).isEqualTo(Code.CREDENTIALS_INVALID);
    assertThat(refused(Optional.of(expired + "x"), Optional.empty())).isEqualTo(Code.KEY_MALFORMED);
    assertThat(refused(Optional.empty(), Optional.of("Basic eA==")))
        .isEqualTo(Code.CREDENTIALS_INVALID);
  }

  @Test
  void knowsNobodyWithoutACredential() {
    assertThat(authenticator.authenticate(Optional.empty(), Optional.empty())).isEmpty();
  }

  @Test
  void trustsItsOwnTokensUntilTheyEnd() {
    String token = sessions.create("usr_1").token();
    assertThat(authenticator.authenticate(Optional.empty(), Optional.of("Bearer " + token)))
        .get()
        .isInstanceOf(Principal.User.class);
    String forged = token.replace(token.charAt(10), token.charAt(10) == 'a' ? 'b' : 'a');
    assertThat(refused(Optional.empty(), Optional.of("Bearer " + forged)))
        .isEqualTo(Code.CREDENTIALS_INVALID);
    now = NOW.plus(Duration.ofMinutes(61));
    assertThat(refused(Optional.empty(), Optional.of("Bearer " + token)))
        .isEqualTo(Code.CREDENTIALS_INVALID);
  }

  @Test
  void keepsItsSecretInAPrivateFile() throws IOException {
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("secret"))))
        .isEqualTo("rw-------");
  }

  @Test
  void matchesPasswordsAgainstTheirHashOnly() {
    var passwords = new Passwords(new SecureRandom());
    String hash = passwords.hash(Secret.of("correct horse"));
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(passwords.matches(Secret.of("correct horse"), hash)).isTrue();
    assertThat(passwords.matches(Secret.of("correct horsf"), hash)).isFalse();
  }
}
