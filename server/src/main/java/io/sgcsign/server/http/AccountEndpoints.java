// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.bytes.Secret;
import io.sgcsign.format.Formats;
import io.sgcsign.server.account.AccountDesk;
import io.sgcsign.server.config.Suggestion;
import io.sgcsign.server.guard.Firewall;
import io.sgcsign.server.identity.Principal;
import io.sgcsign.server.identity.Sessions;
import io.sgcsign.server.request.KeyRing;
import io.sgcsign.server.view.ApiKey;
import io.sgcsign.server.view.Page;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Members;
import io.sgcsign.wire.WireException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** {@code /api/v1/admin/login} and {@code /api/v1/admin/keys}. */
final class AccountEndpoints {
  /** Bytes of these small bodies. */
  private static final int MAX_BODY = 64 * 1024;

  private static final int MAX_NAME = 128;

  private static final Schema.Ref KEY = new Schema.Ref("ApiKey");

  private AccountEndpoints() {}

  static List<Endpoint> all(
      AccountDesk desk, KeyRing keys, Firewall firewall, InstantSource clock) {
    return List.of(
        new Login(desk, firewall),
        new CreateKey(desk, keys, clock),
        new ListKeys(desk),
        new RevokeKey(desk),
        new OwnKey(desk));
  }

  private static Members body(Exchange exchange, List<String> known) throws IOException {
    var body = new Members(exchange.json(MAX_BODY), "");
    for (String name : body.object().members().keySet()) {
      if (!known.contains(name)) {
        throw ProblemException.of(
            Code.FIELD_UNKNOWN, "Unknown field \"" + name + "\"", Suggestion.hint(name, known));
      }
    }
    return body;
  }

  private static void write(JsonGenerator json, ApiKey key) {
    json.writeStringProperty("id", key.id());
    json.writeStringProperty("name", key.name());
    texts(json, "providers", key.providers());
    texts(json, "formats", key.formats());
    json.writeStringProperty("created_at", key.createdAt().toString());
    json.writeStringProperty("expires_at", key.expiresAt().toString());
    key.revokedAt().ifPresent(t -> json.writeStringProperty("revoked_at", t.toString()));
  }

  private static void texts(JsonGenerator json, String name, List<String> values) {
    json.writeArrayPropertyStart(name);
    values.forEach(json::writeString);
    json.writeEndArray();
  }

  /** Name and password for a token. */
  private record Login(AccountDesk desk, Firewall firewall) implements Endpoint {
    @Override
    public Operation operation() {
      var body =
          Schema.object()
              .required("user", Schema.text(), "Name.")
              .required("password", Schema.text(), "Password.");
      var answer =
          Schema.object()
              .required("token", Schema.text(), "Send it as Authorization: Bearer.")
              .required("expires_at", Schema.time(), "When it ends.");
      return Operation.post(
              "/api/v1/admin/login",
              Access.OPEN,
              "login",
              "Log in as administrator",
              new Operation.Body("application/json", body),
              Operation.json(answer, "A token."))
          .withProblems(Code.CREDENTIALS_INVALID, Code.FIELD_MISSING, Code.LEDGER_UNAVAILABLE);
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
      Members body = body(exchange, List.of("user", "password"));
      String name;
      Secret password;
      try {
        name = body.text("user");
        password = Secret.of(body.text("password"));
      } catch (WireException e) {
        throw ProblemException.of(Code.FIELD_MISSING, String.valueOf(e.getMessage()));
      }
      Optional<Sessions.Session> session;
      try (password) {
        session = desk.login(name, password, exchange.peer().getHostAddress());
      }
      if (session.isEmpty()) {
        var _ = firewall.failed(exchange.peer());
        throw ProblemException.of(
            Code.CREDENTIALS_INVALID,
            "Name or password is wrong",
            "Check both; after a few failures the address is banned for a while.");
      }
      firewall.succeeded(exchange.peer());
      exchange.answer(
          200,
          json -> {
            json.writeStartObject();
            json.writeStringProperty("token", session.get().token());
            json.writeStringProperty("expires_at", session.get().expiresAt().toString());
            json.writeEndObject();
          });
    }
  }

  /** A new key. */
  private record CreateKey(AccountDesk desk, KeyRing keys, InstantSource clock)
      implements Endpoint {
    @Override
    public Operation operation() {
      var body =
          Schema.object()
              .required("name", Schema.text(), "What people call it.")
              .with("providers", Schema.items(Schema.text()), "Left out: all.")
              .with("formats", Schema.items(Schema.text()), "Left out: all.")
              .with("expires_at", Schema.time(), "Left out: in 90 days; at most 366.");
      return Operation.post(
              "/api/v1/admin/keys",
              Access.ADMIN,
              "create_key",
              "Make an API key; its text is shown once",
              new Operation.Body("application/json", body),
              new Operation.Answer(201, "application/json", KEY, "The key."))
          .withProblems(
              Code.FIELD_UNKNOWN, Code.FIELD_MISSING, Code.FIELD_INVALID, Code.LEDGER_UNAVAILABLE);
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
      Members body = body(exchange, List.of("name", "providers", "formats", "expires_at"));
      AccountDesk.KeyOrder order;
      try {
        order = order(body);
      } catch (WireException e) {
        throw ProblemException.of(Code.FIELD_INVALID, String.valueOf(e.getMessage()));
      }
      var made = desk.createKey(order, (Principal.User) exchange.principal());
      exchange.answer(
          201,
          json -> {
            json.writeStartObject();
            json.writeStringProperty("id", made.id());
            json.writeStringProperty("key", made.text());
            json.writeStringProperty("name", order.name());
            texts(json, "providers", order.providers());
            texts(json, "formats", order.formats());
            json.writeStringProperty("created_at", clock.instant().toString());
            json.writeStringProperty("expires_at", made.expiresAt().toString());
            json.writeEndObject();
          });
    }

    private AccountDesk.KeyOrder order(Members body) {
      String name = body.text("name");
      if (name.isBlank() || name.length() > MAX_NAME) {
        throw body.wrong("name", "1 to " + MAX_NAME + " characters");
      }
      List<String> providers = body.texts("providers");
      known("providers", providers, keys.slots().stream().map(s -> s.config().name()).toList());
      List<String> formats = body.texts("formats");
      known("formats", formats, Formats.ALL.stream().map(f -> f.descriptor().name()).toList());
      Optional<Instant> end = body.optionalText("expires_at").map(t -> body.time("expires_at"));
      Instant now = clock.instant();
      if (end.isPresent()
          && (!end.get().isAfter(now) || end.get().isAfter(now.plus(AccountDesk.MAX_KEY_LIFE)))) {
        throw body.wrong(
            "expires_at",
            "a time after now and at most " + AccountDesk.MAX_KEY_LIFE.toDays() + " days away");
      }
      return new AccountDesk.KeyOrder(name, providers, formats, end);
    }

    private static void known(String field, List<String> given, Collection<String> known) {
      for (String name : given) {
        if (!known.contains(name)) {
          throw ProblemException.of(
              Code.FIELD_INVALID,
              field + ": there is no \"" + name + "\"",
              Suggestion.hint(name, known));
        }
      }
    }
  }

  /** All keys. */
  private record ListKeys(AccountDesk desk) implements Endpoint {
    @Override
    public Operation operation() {
      var answer =
          Schema.object()
              .required("keys", Schema.items(KEY), "Newest first.")
              .with("cursor", Schema.text(), "Where the next page begins.");
      return Operation.get(
              "/api/v1/admin/keys",
              Access.ADMIN,
              "keys",
              "The API keys",
              Operation.json(answer, "A page."))
          .withQuery(Paging.PARAMETERS);
    }

    @Override
    public void handle(Exchange exchange) {
      Page<ApiKey> page = desk.keys(exchange.query("cursor"), Paging.limit(exchange));
      exchange.answer(
          200,
          json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("keys");
            for (ApiKey key : page.items()) {
              json.writeStartObject();
              write(json, key);
              json.writeEndObject();
            }
            json.writeEndArray();
            page.cursor().ifPresent(c -> json.writeStringProperty("cursor", c));
            json.writeEndObject();
          });
    }
  }

  /** Ends a key. */
  private record RevokeKey(AccountDesk desk) implements Endpoint {
    @Override
    public Operation operation() {
      return new Operation(
          "DELETE",
          "/api/v1/admin/keys/{id}",
          Access.ADMIN,
          "revoke_key",
          "Revoke an API key at once",
          List.of(),
          Operation.Body.NONE,
          Operation.Answer.empty(204, "It is revoked."),
          List.of(Code.NOT_FOUND, Code.LEDGER_UNAVAILABLE));
    }

    @Override
    public void handle(Exchange exchange) {
      String id = exchange.parameter("id");
      if (!desk.revokeKey(id, Optional.empty(), (Principal.User) exchange.principal())) {
        throw ProblemException.of(Code.NOT_FOUND, "There is no key " + id);
      }
      exchange.empty(204);
    }
  }

  /** The key that asks, without itself. */
  private record OwnKey(AccountDesk desk) implements Endpoint {
    @Override
    public Operation operation() {
      return Operation.get(
          "/api/v1/keys/self",
          Access.KEY,
          "own_key",
          "What the server knows of the key that asks",
          Operation.json(KEY, "The key."));
    }

    @Override
    public void handle(Exchange exchange) {
      ApiKey key =
          desk.key(exchange.principal().id())
              .orElseThrow(() -> ProblemException.of(Code.NOT_FOUND, "The key is gone"));
      exchange.answer(
          200,
          json -> {
            json.writeStartObject();
            write(json, key);
            json.writeEndObject();
          });
    }
  }
}
