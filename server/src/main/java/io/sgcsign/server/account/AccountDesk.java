// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.account;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Secret;
import io.sgcsign.server.identity.Authenticator;
import io.sgcsign.server.identity.Passwords;
import io.sgcsign.server.identity.Principal;
import io.sgcsign.server.identity.Sessions;
import io.sgcsign.server.ledger.Appended;
import io.sgcsign.server.ledger.Condition;
import io.sgcsign.server.ledger.Entry;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.ledger.event.KeyCreated;
import io.sgcsign.server.ledger.event.KeyRevoked;
import io.sgcsign.server.ledger.event.SessionFailed;
import io.sgcsign.server.ledger.event.SessionLogin;
import io.sgcsign.server.ledger.event.UserCreated;
import io.sgcsign.server.view.ApiKey;
import io.sgcsign.server.view.ApiKeysView;
import io.sgcsign.server.view.Page;
import io.sgcsign.server.view.User;
import io.sgcsign.server.view.UsersView;
import io.sgcsign.wire.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes users and API keys, and lets administrators in. Thread-safe. */
public final class AccountDesk {
  private static final String USER_SECRET = "user/";
  private static final String KEY_SECRET = "apikey/";
  private static final String ADMINISTRATOR = "administrator";

  /** Life of a key whose end nobody names. */
  public static final Duration DEFAULT_KEY_LIFE = Duration.ofDays(90);

  /** Longest life of a key. */
  public static final Duration MAX_KEY_LIFE = Duration.ofDays(366);

  private final Ledger ledger;
  private final Passwords passwords;
  private final Sessions sessions;
  private final Authenticator authenticator;
  private final InstantSource clock;
  private final Supplier<String> ids;
  private final String decoy;

  public AccountDesk(
      Ledger ledger,
      Passwords passwords,
      Sessions sessions,
      Authenticator authenticator,
      InstantSource clock,
      Supplier<String> ids) {
    this.ledger = ledger;
    this.passwords = passwords;
    this.sessions = sessions;
    this.authenticator = authenticator;
    this.clock = clock;
    this.ids = ids;
    try (Secret nobody = Secret.of(ids.get())) {
      this.decoy = passwords.hash(nobody);
    }
  }

  /** Whether nobody can log in yet. */
  public static boolean empty(Ledger ledger) {
    return ledger.read(UsersView::none);
  }

  /** Makes the first administrator; does nothing if there is a user. */
  public void bootstrap(String name, Secret password) {
    String id = "usr_" + ids.get();
    Condition<Boolean> first =
        (rows, now) -> UsersView.none(rows) ? Optional.empty() : Optional.of(true);
    var entry =
        Entry.of(new UserCreated(id, name, ADMINISTRATOR), "bootstrap")
            .storing(USER_SECRET + id, Bytes.utf8(passwords.hash(password)));
    var _ = ledger.append(List.of(entry), first);
  }

  /** A token for the right password. */
  public Optional<Sessions.Session> login(String name, Secret password, String peer) {
    Optional<User> user = ledger.read(rows -> UsersView.named(rows, name));
    String hash =
        user.flatMap(u -> ledger.secrets().get(USER_SECRET + u.id()))
            .map(Bytes::toUtf8)
            .orElse(decoy); // an unknown name costs the same time as a wrong password
    if (!passwords.matches(password, hash) || user.isEmpty()) {
      var failed =
          new SessionFailed(
              "password",
              Code.CREDENTIALS_INVALID.wireName(),
              Optional.of(name),
              Optional.of(peer));
      var _ = ledger.appendLater(List.of(Entry.of(failed, "anonymous")));
      return Optional.empty();
    }
    var login = new SessionLogin(user.get().id(), Optional.of(peer));
    var _ = ledger.append(List.of(Entry.of(login, user.get().id())));
    return Optional.of(sessions.create(user.get().id()));
  }

  /**
   * What a key is to be.
   *
   * @param providers it may use; empty: all
   * @param formats it may sign; empty: all
   */
  public record KeyOrder(
      String name, List<String> providers, List<String> formats, Optional<Instant> expiresAt) {
    public KeyOrder {
      providers = List.copyOf(providers);
      formats = List.copyOf(formats);
    }
  }

  /** A new key; its text is shown once and stored nowhere. */
  public record NewKey(String id, String text, Instant expiresAt) {}

  public NewKey createKey(KeyOrder order, Principal.User by) {
    String id = "key_" + ids.get();
    String text = authenticator.newKeyText();
    Instant end = order.expiresAt().orElseGet(() -> clock.instant().plus(DEFAULT_KEY_LIFE));
    var event =
        new KeyCreated(
            id,
            order.name(),
            order.providers(),
            order.formats(),
            List.of("sign", "verify"),
            end,
            by.id());
    var entry = Entry.of(event, by.id()).storing(KEY_SECRET + id, authenticator.stored(text));
    var _ = ledger.append(List.of(entry));
    return new NewKey(id, text, end);
  }

  /** Revokes a key; false if there is none with this id. */
  public boolean revokeKey(String id, Optional<String> reason, Principal.User by) {
    Condition<Boolean> known =
        (rows, now) ->
            ApiKeysView.find(rows, id).isPresent() ? Optional.empty() : Optional.of(true);
    var entry = Entry.of(new KeyRevoked(id, reason), by.id()).removing(KEY_SECRET + id);
    return switch (ledger.append(List.of(entry), known)) {
      case Appended.Committed<Boolean> _ -> {
        authenticator.keysChanged();
        yield true;
      }
      case Appended.Refused<Boolean> _ -> false;
    };
  }

  public Page<ApiKey> keys(Optional<String> cursor, int limit) {
    return ledger.read(rows -> ApiKeysView.list(rows, cursor, limit));
  }

  public Optional<ApiKey> key(String id) {
    return ledger.read(rows -> ApiKeysView.find(rows, id));
  }
}
