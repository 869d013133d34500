// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.api.ApiClient;
import io.sgcsign.cli.api.Call;
import io.sgcsign.cli.api.Providers;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign keys}: the API keys of a server. */
final class KeysCommand implements Command {
  private static final String KEYS = "/api/v1/admin/keys";

  /** Items of a page; the server gives no more. */
  private static final int PAGE = 200;

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Flags.command(
            "keys",
            "API keys: who may sign with what. All but show need sgcsign login; show without ID"
                + " tells about the key in SGCSIGN_APIKEY.");
    spec.addSubcommand("list", part("list", "List all keys.", "0"));
    spec.addSubcommand(
        "create",
        part(
            "create",
            "Make a key. Its text is shown once and never again.",
            "1",
            Flags.values("NAME", "A provider it may use; left out: all.", "--provider"),
            Flags.values("NAME", "A format it may sign; left out: all.", "--format"),
            Flags.value(
                "TIME",
                "How long it lives (90d) or until when (2027-01-31). Default: 90d.",
                "--expires"),
            Flags.flag("Print the key alone, for scripts.", "--print-key")));
    spec.addSubcommand("show", part("show", "Show a key.", "0..1"));
    spec.addSubcommand(
        "rotate",
        part(
            "rotate",
            "Make a new key like an old one and revoke the old one.",
            "1",
            Flags.value("TIME", "How long the new one lives. Default: 90d.", "--expires"),
            Flags.flag("Print the new key alone, for scripts.", "--print-key")));
    spec.addSubcommand("revoke", part("revoke", "End keys at once.", "1..*"));
    return spec;
  }

  private static CommandSpec part(String name, String help, String arity, ArgSpec... args) {
    CommandSpec spec = Flags.command(name, help, args);
    spec.addOption(Flags.flag("Print one JSON object.", "--json"));
    ServerAccess.addTo(spec);
    if (!arity.equals("0")) {
      String label = name.equals("create") ? "NAME" : "ID";
      String what = label.equals("ID") ? "The key's id, as keys list shows it." : "A name for it.";
      spec.addPositional(Flags.words(label, what, arity));
    }
    return spec;
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    if (!parsed.hasSubcommand()) {
      throw Failure.usage(
              "keys needs a word more",
              "it does several things",
              "Write sgcsign keys list, create, show, rotate or revoke.")
          .exception();
    }
    ParseResult part = parsed.subcommand();
    var work = new Work(part, world, console, new ServerAccess(part, world, console));
    switch (part.commandSpec().name()) {
      case "list" -> work.list();
      case "create" -> work.create();
      case "show" -> work.show();
      case "rotate" -> work.rotate();
      default -> work.revoke();
    }
    return ExitCode.OK;
  }

  /** One call. */
  private record Work(ParseResult parsed, World world, Console console, ServerAccess access) {

    private ApiClient admin() {
      return access.client(ServerAccess.Need.ADMINISTRATOR, ServerAccess.NONE);
    }

    private boolean asJson() {
      return Flags.given(parsed, "--json");
    }

    private String word() {
      return Flags.words(parsed).getFirst();
    }

    void list() {
      List<JsonValue.Obj> keys = all(admin());
      if (asJson()) {
        console.result(
            Json.write(json -> {
              json.writeStartObject();
              json.writeArrayPropertyStart("keys");
              keys.forEach(k -> JsonCopy.write(json, k));
              json.writeEndArray();
              json.writeEndObject();
            }));
        return;
      }
      keys.forEach(k -> console.result(row(k)));
    }

    private static List<JsonValue.Obj> all(ApiClient api) {
      var keys = new ArrayList<JsonValue.Obj>();
      Optional<String> cursor = Optional.empty();
      do {
        String next = cursor.map(c -> "&cursor=" + Providers.encode(c)).orElse("");
        JsonValue.Obj page = api.json(Call.get(KEYS + "?limit=" + PAGE + next));
        page.items("keys").stream()
            .filter(JsonValue.Obj.class::isInstance)
            .map(JsonValue.Obj.class::cast)
            .forEach(keys::add);
        cursor = page.text("cursor");
      } while (cursor.isPresent());
      return keys;
    }

    private String row(JsonValue.Obj key) {
      return String.join(
          "  ",
          text(key, "id"),
          state(key),
          text(key, "name"),
          "providers: " + names(key, "providers"),
          "formats: " + names(key, "formats"),
          "expires: " + text(key, "expires_at"));
    }

    private String state(JsonValue.Obj key) {
      if (key.text("revoked_at").isPresent()) {
        return "revoked";
      }
      boolean over =
          key.text("expires_at")
              .map(Instant::parse)
              .filter(t -> !t.isAfter(world.clock().instant()))
              .isPresent();
      return over ? "expired" : "active ";
    }

    private static String text(JsonValue.Obj key, String name) {
      return key.text(name).orElse("");
    }

    private static List<String> texts(JsonValue.Obj key, String name) {
      return key.items(name).stream()
          .filter(JsonValue.Text.class::isInstance)
          .map(v -> ((JsonValue.Text) v).value())
          .toList();
    }

    private static String names(JsonValue.Obj key, String name) {
      List<String> names = texts(key, name);
      return names.isEmpty() ? "all" : String.join(",", names);
    }

    void create() {
      print(make(admin(), word(), split("--provider"), split("--format"), expiry()));
    }

    private List<String> split(String flag) {
      return Flags.texts(parsed, flag).stream()
          .flatMap(v -> Arrays.stream(v.split(",", -1)))
          .toList();
    }

    private Optional<Instant> expiry() {
      return Flags.text(parsed, "--expires")
          .map(t -> {
            if (t.contains("-")) {
              return Durations.day("--expires", t);
            }
            Duration life = Durations.parse("--expires", t);
            return world.clock().instant().plus(life);
          });
    }

    private static JsonValue.Obj make(
        ApiClient api,
        String name,
        List<String> providers,
        List<String> formats,
        Optional<Instant> expires) {
      return api.json(
          Call.post(
              KEYS,
              Json.write(json -> {
                json.writeStartObject();
                json.writeStringProperty("name", name);
                json.writeArrayPropertyStart("providers");
                providers.forEach(json::writeString);
                json.writeEndArray();
                json.writeArrayPropertyStart("formats");
                formats.forEach(json::writeString);
                json.writeEndArray();
                expires.ifPresent(t -> json.writeStringProperty("expires_at", t.toString()));
                json.writeEndObject();
              })));
    }

    private void print(JsonValue.Obj made) {
      if (asJson()) {
        console.result(Json.write(json -> JsonCopy.write(json, made)));
      } else if (Flags.given(parsed, "--print-key")) {
        console.result(text(made, "key"));
      } else {
        console.result(
            text(made, "key")
                + "\n  id        "
                + text(made, "id")
                + "\n  name      "
                + text(made, "name")
                + "\n  expires   "
                + text(made, "expires_at")
                + "\nThis is the only time the key is shown. Use: SGCSIGN_APIKEY="
                + text(made, "key"));
      }
    }

    void show() {
      JsonValue.Obj key;
      if (Flags.words(parsed).isEmpty()) {
        key =
            access
                .client(ServerAccess.Need.API_KEY, ServerAccess.NONE)
                .json(Call.get("/api/v1/keys/self"));
      } else {
        key = find(admin(), word());
      }
      if (asJson()) {
        console.result(Json.write(json -> JsonCopy.write(json, key)));
        return;
      }
      console.result(
          text(key, "name")
              + " ("
              + state(key).strip()
              + ")\n  id         "
              + text(key, "id")
              + "\n  providers  "
              + names(key, "providers")
              + "\n  formats    "
              + names(key, "formats")
              + "\n  created    "
              + text(key, "created_at")
              + "\n  expires    "
              + text(key, "expires_at")
              + limits(key));
    }

    /** What the server counts for this key, if it does. */
    private static String limits(JsonValue.Obj key) {
      var used = key.integer("used");
      var limit = key.integer("limit");
      return used.isEmpty() && limit.isEmpty()
          ? ""
          : "\n  used       "
              + used.map(Object::toString).orElse("unknown")
              + " of "
              + limit.map(Object::toString).orElse("unlimited");
    }

    private static JsonValue.Obj find(ApiClient api, String id) {
      return all(api).stream()
          .filter(k -> text(k, "id").equals(id))
          .findFirst()
          .orElseThrow(() ->
              Failure.usage(
                      "There is no key " + id,
                      "the server knows no key with this id",
                      "See: sgcsign keys list.")
                  .exception());
    }

    /** The new key is shown before the old one ends: whatever fails then, one of them works. */
    void rotate() {
      ApiClient api = admin();
      JsonValue.Obj old = find(api, word());
      if (!state(old).strip().equals("active")) {
        throw Failure.usage(
                "The key " + word() + " is " + state(old).strip() + " already",
                "only an active key can be rotated",
                "Make a new one: sgcsign keys create.")
            .exception();
      }
      print(make(api, text(old, "name"), texts(old, "providers"), texts(old, "formats"), expiry()));
      revoke(api, word());
    }

    void revoke() {
      ApiClient api = admin();
      for (String id : Flags.words(parsed)) {
        revoke(api, id);
      }
    }

    private void revoke(ApiClient api, String id) {
      var _ = api.text(Call.delete(KEYS + "/" + Providers.encode(id)));
      console.note("key " + id + " is revoked");
    }
  }
}
