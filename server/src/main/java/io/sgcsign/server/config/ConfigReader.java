// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import io.sgcsign.bytes.Secret;
import io.sgcsign.json.JsonValue;
import io.sgcsign.json.JsonValue.Location;
import io.sgcsign.key.KeyProvider;
import io.sgcsign.key.Params;
import io.sgcsign.server.config.Spec.Key;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks a JSON tree against a {@link Spec}; goes on after every problem. */
final class ConfigReader {
  private final Environment environment;
  private final List<KeyProvider> providers;
  private final List<ConfigProblem> problems = new ArrayList<>();

  ConfigReader(Environment environment, List<KeyProvider> providers) {
    this.environment = environment;
    this.providers = providers;
  }

  List<ConfigProblem> problems() {
    return problems;
  }

  void problem(Location at, String pointer, String message, String hint) {
    problems.add(new ConfigProblem(at, pointer, message, hint));
  }

  Values block(Spec.Block spec, JsonValue value, String pointer) {
    if (!(value instanceof JsonValue.Obj object)) {
      problem(value.at(), pointer, "an object is expected", "Write { … }.");
      return new Values(value.at(), pointer, Map.of(), Map.of());
    }
    var out = new LinkedHashMap<String, Object>();
    var places = new HashMap<String, Location>();
    for (var member : object.members().entrySet()) {
      places.put(member.getKey(), member.getValue().at());
      member(spec, object, member.getKey(), member.getValue(), pointer, out);
    }
    for (Key key : spec.keys()) {
      if (!out.containsKey(key.name())) {
        missing(key, object, pointer, out);
      }
    }
    return new Values(object.at(), pointer, out, places);
  }

  private void member(
      Spec.Block spec,
      JsonValue.Obj object,
      String name,
      JsonValue value,
      String pointer,
      Map<String, Object> out) {
    String here = pointer + "/" + name;
    Optional<Key> key = find(spec, name);
    Object checked;
    String target = name;
    if (key.isPresent()) {
      checked = check(key.get(), value, here, object);
    } else {
      Optional<Source> source = source(spec, name);
      if (source.isEmpty()) {
        problem(
            value.at(),
            here,
            "unknown key \"" + name + "\"",
            Suggestion.hint(name, spec.keys().stream().map(Key::name).toList()));
        return;
      }
      target = source.get().key().name();
      checked = fromSource(source.get(), value, here);
    }
    if (out.containsKey(target)) {
      problem(value.at(), here, "\"" + target + "\" is given twice", "Keep one of the two.");
    }
    if (checked != null) {
      out.put(target, checked);
    }
  }

  private void missing(Key key, JsonValue.Obj object, String pointer, Map<String, Object> out) {
    if (key.required() && !givenIndirectly(key.name(), object)) {
      problem(object.at(), pointer, "\"" + key.name() + "\" is missing", "Add it: " + key.help());
      return;
    }
    Object value =
        switch (key.spec()) {
          case Spec.Text text ->
              text.defaultValue()
                  .map(t -> text.path() ? (Object) environment.resolve(t) : t)
                  .orElse(null);
          case Spec.Int number -> number.defaultValue().orElse(null);
          case Spec.Flag flag -> flag.defaultValue().orElse(null);
          case Spec.Block block when block.keys().stream().noneMatch(Key::required) ->
              block(block, new JsonValue.Obj(object.at(), Map.of()), pointer + "/" + key.name());
          default -> null;
        };
    if (value != null) {
      out.put(key.name(), value);
    }
  }

  /** A key that was there but wrong has its own problem already. */
  private static boolean givenIndirectly(String name, JsonValue.Obj object) {
    return object.members().keySet().stream()
        .anyMatch(k -> k.equals(name) || k.matches(name + "_(env|file|cred)"));
  }

  private @Nullable Object check(Key key, JsonValue value, String here, JsonValue.Obj parent) {
    return switch (key.spec()) {
      case Spec.Text text when value instanceof JsonValue.Text given ->
          text(text, given.value(), given.at(), here);
      case Spec.Int number
          when value instanceof JsonValue.Num given && given.asLong().isPresent() ->
          bounded(number, given.asLong().get(), given.at(), here).orElse(null);
      case Spec.Flag _ when value instanceof JsonValue.Bool given -> given.value();
      case Spec.Items items when value instanceof JsonValue.Arr given ->
          items(key, items, given, here);
      case Spec.Block block when value instanceof JsonValue.Obj -> block(block, value, here);
      case Spec.ProviderParams _ when value instanceof JsonValue.Obj given ->
          params(given, parent.text("type").orElse(""), here);
      default -> {
        problem(value.at(), here, expectation(key.spec()) + " is expected", key.help());
        yield null;
      }
    };
  }

  private List<Object> items(Key key, Spec.Items items, JsonValue.Arr given, String here) {
    var out = new ArrayList<Object>();
    for (int i = 0; i < given.items().size(); i++) {
      JsonValue item = given.items().get(i);
      var none = new JsonValue.Obj(item.at(), Map.of());
      Object checked =
          check(new Key(key.name(), items.item(), false, key.help()), item, here + "/" + i, none);
      if (checked != null) {
        out.add(checked);
      }
    }
    return out;
  }

  private @Nullable Object text(Spec.Text spec, String value, Location at, String here) {
    if (value.isEmpty()) {
      problem(at, here, "the text is empty", "Give a value or remove the key.");
      return null;
    }
    if (!spec.choices().isEmpty() && !spec.choices().contains(value)) {
      problem(
          at, here, "\"" + value + "\" is not a choice", Suggestion.hint(value, spec.choices()));
      return null;
    }
    if (spec.secret()) {
      return Secret.of(value);
    }
    return spec.path() ? path(environment.folder(), value, at, here).orElse(null) : value;
  }

  private Optional<Long> bounded(Spec.Int spec, long value, Location at, String here) {
    if (value < spec.min() || value > spec.max()) {
      problem(
          at, here, value + " is out of range", "Use " + spec.min() + " to " + spec.max() + ".");
      return Optional.empty();
    }
    return Optional.of(value);
  }

  /** A key given as NAME_env, NAME_file or NAME_cred. */
  private record Source(Key key, String kind) {}

  private static Optional<Key> find(Spec.Block spec, String name) {
    return spec.keys().stream().filter(k -> k.name().equals(name)).findFirst();
  }

  private static Optional<Source> source(Spec.Block spec, String name) {
    int cut = name.lastIndexOf('_');
    if (cut < 0) {
      return Optional.empty();
    }
    String kind = name.substring(cut + 1);
    return find(spec, name.substring(0, cut))
        .filter(k ->
            switch (kind) {
              case "env" ->
                  k.spec() instanceof Spec.Text
                      || k.spec() instanceof Spec.Int
                      || k.spec() instanceof Spec.Flag;
              case "file", "cred" -> k.spec() instanceof Spec.Text text && text.secret();
              default -> false;
            })
        .map(k -> new Source(k, kind));
  }

  private @Nullable Object fromSource(Source source, JsonValue value, String here) {
    if (!(value instanceof JsonValue.Text given) || given.value().isEmpty()) {
      problem(value.at(), here, "a text is expected", "Name the " + noun(source.kind()) + ".");
      return null;
    }
    Optional<String> found =
        switch (source.kind()) {
          case "env" -> variable(given, here);
          case "file" ->
              path(environment.folder(), given.value(), given.at(), here)
                  .flatMap(path -> file(path, given.at(), here));
          default -> credential(given, here);
        };
    return found.map(text -> typed(source.key(), text, given.at(), here)).orElse(null);
  }

  private static String noun(String kind) {
    return switch (kind) {
      case "env" -> "environment variable";
      case "file" -> "file";
      default -> "systemd credential";
    };
  }

  private @Nullable Object typed(Key key, String value, Location at, String here) {
    JsonValue parsed =
        switch (key.spec()) {
          case Spec.Int _ when value.matches("-?[0-9]{1,18}") ->
              new JsonValue.Num(at, new BigDecimal(value));
          case Spec.Flag _ when value.equals("true") || value.equals("false") ->
              new JsonValue.Bool(at, Boolean.parseBoolean(value));
          default -> new JsonValue.Text(at, value);
        };
    return check(key, parsed, here, new JsonValue.Obj(at, Map.of()));
  }

  private Optional<String> variable(JsonValue.Text name, String here) {
    Optional<String> value = environment.variable(name.value()).filter(v -> !v.isEmpty());
    if (value.isEmpty()) {
      problem(
          name.at(),
          here,
          "the environment variable " + name.value() + " is not set",
          Environment.howToSet(name.value()));
    }
    return value;
  }

  private Optional<Path> path(Path folder, String value, Location at, String here) {
    try {
      return Optional.of(folder.resolve(value).normalize());
    } catch (InvalidPathException e) {
      problem(
          at, here, "no path: " + e.getReason(), "Check for characters that files cannot have.");
      return Optional.empty();
    }
  }

  private Optional<String> file(Path file, Location at, String here) {
    try {
      return Optional.of(environment.secretFile(file));
    } catch (IOException e) {
      problem(at, here, "cannot read " + file + ": " + e.getMessage(), "Check path and rights.");
      return Optional.empty();
    }
  }

  private Optional<String> credential(JsonValue.Text name, String here) {
    Optional<String> folder = environment.variable("CREDENTIALS_DIRECTORY");
    if (folder.isEmpty()) {
      problem(
          name.at(),
          here,
          "there are no systemd credentials (CREDENTIALS_DIRECTORY is not set)",
          "Add LoadCredentialEncrypted=" + name.value() + ":… to the unit.");
      return Optional.empty();
    }
    return path(Path.of(folder.get()), name.value(), name.at(), here)
        .flatMap(path -> file(path, name.at(), here));
  }

  /** Parameters of a provider, checked against its descriptor. Unknown types are the caller's. */
  private @Nullable Params params(JsonValue.Obj given, String type, String here) {
    var descriptor =
        providers.stream()
            .map(KeyProvider::descriptor)
            .filter(d -> d.type().equals(type))
            .findFirst();
    if (descriptor.isEmpty()) {
      return null;
    }
    Values values = block(ConfigReference.paramsSpec(descriptor.get()), given, here);
    var plain = new HashMap<String, String>();
    var secrets = new HashMap<String, Secret>();
    for (var entry : values.map().entrySet()) {
      if (entry.getValue() instanceof Secret secret) {
        secrets.put(entry.getKey(), secret);
      } else {
        plain.put(entry.getKey(), entry.getValue().toString());
      }
    }
    return new Params(plain, secrets);
  }

  private static String expectation(Spec spec) {
    return switch (spec) {
      case Spec.Text _ -> "a text";
      case Spec.Int _ -> "an integer";
      case Spec.Flag _ -> "true or false";
      case Spec.Items _ -> "an array";
      case Spec.Block _, Spec.ProviderParams _ -> "an object";
    };
  }

  /** The provider types this build has. */
  Set<String> providerTypes() {
    var types = new TreeSet<String>();
    providers.forEach(p -> types.add(p.descriptor().type()));
    return types;
  }
}
