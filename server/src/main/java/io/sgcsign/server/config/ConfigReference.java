// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import io.sgcsign.json.Json;
import io.sgcsign.key.KeyProvider;
import io.sgcsign.key.ProviderDescriptor;
import io.sgcsign.server.config.Spec.Key;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** The configuration's JSON Schema and its page of the documentation, both made from the specs. */
public final class ConfigReference {
  private ConfigReference() {}

  /** A JSON Schema (2020-12) for editors; the loader itself checks more. */
  public static String schema(List<KeyProvider> providers) {
    return Json.pretty(json -> {
      json.writeStartObject();
      json.writeStringProperty("$schema", "https://json-schema.org/draft/2020-12/schema");
      json.writeStringProperty("title", "sgcSignServer.conf.json");
      block(json, ConfigSpec.ROOT, providers);
      json.writeEndObject();
    });
  }

  private static void block(JsonGenerator json, Spec.Block block, List<KeyProvider> providers) {
    json.writeStringProperty("type", "object");
    json.writeObjectPropertyStart("properties");
    for (Key key : block.keys()) {
      json.writeObjectPropertyStart(key.name());
      json.writeStringProperty("description", key.help());
      spec(json, key.spec(), providers);
      json.writeEndObject();
      sources(key).forEach(name -> source(json, name, key));
    }
    json.writeEndObject();
    json.writeBooleanProperty("additionalProperties", false);
  }

  private static void source(JsonGenerator json, String name, Key key) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("type", "string");
    json.writeStringProperty("description", "Where " + key.name() + " is read from instead.");
    json.writeEndObject();
  }

  /** The other names a key may be given under. */
  private static List<String> sources(Key key) {
    return switch (key.spec()) {
      case Spec.Text text when text.secret() ->
          List.of(key.name() + "_env", key.name() + "_file", key.name() + "_cred");
      case Spec.Text _, Spec.Int _, Spec.Flag _ -> List.of(key.name() + "_env");
      case Spec.Items _, Spec.Block _, Spec.ProviderParams _ -> List.of();
    };
  }

  private static void spec(JsonGenerator json, Spec spec, List<KeyProvider> providers) {
    switch (spec) {
      case Spec.Text text -> {
        json.writeStringProperty("type", "string");
        if (!text.choices().isEmpty()) {
          json.writeArrayPropertyStart("enum");
          text.choices().forEach(json::writeString);
          json.writeEndArray();
        }
        text.defaultValue().ifPresent(d -> json.writeStringProperty("default", d));
      }
      case Spec.Int number -> {
        json.writeStringProperty("type", "integer");
        json.writeNumberProperty("minimum", number.min());
        json.writeNumberProperty("maximum", number.max());
        number.defaultValue().ifPresent(d -> json.writeNumberProperty("default", d));
      }
      case Spec.Flag flag -> {
        json.writeStringProperty("type", "boolean");
        flag.defaultValue().ifPresent(d -> json.writeBooleanProperty("default", d));
      }
      case Spec.Items items -> {
        json.writeStringProperty("type", "array");
        json.writeObjectPropertyStart("items");
        spec(json, items.item(), providers);
        json.writeEndObject();
      }
      case Spec.Block block -> block(json, block, providers);
      case Spec.ProviderParams _ -> {
        json.writeStringProperty("type", "object");
        json.writeArrayPropertyStart("anyOf");
        for (KeyProvider provider : providers) {
          json.writeStartObject();
          json.writeStringProperty("title", provider.descriptor().type());
          block(json, paramsSpec(provider.descriptor()), providers);
          json.writeEndObject();
        }
        json.writeStartObject();
        json.writeStringProperty("title", "a type of a later version");
        json.writeEndObject();
        json.writeEndArray();
      }
    }
  }

  static Spec.Block paramsSpec(ProviderDescriptor descriptor) {
    return new Spec.Block(
        descriptor.params().stream()
            .map(p ->
                new Key(
                    p.name(),
                    new Spec.Text(Optional.empty(), List.of(), p.secret(), p.path()),
                    p.required(),
                    p.help()))
            .toList());
  }

  /** The reference page in Markdown. */
  public static String markdown(List<KeyProvider> providers) {
    var out = new StringBuilder();
    out.append(
        """
        # Configuration reference

        Made from the code; do not edit. The file is `sgcSignServer.conf.json`: `--config PATH`, else
        `$SGCSIGN_CONFIG`, else the working directory, else `/etc/sgcsign` (`%ProgramData%\\sgcsign`).
        `//` comments are accepted; relative paths are relative to the file. Any value may come from the
        environment as `NAME_env`; keys marked *secret* also as `NAME_file` (a file) or `NAME_cred` (a
        systemd credential). All mistakes are reported at once; `sgcsign-server --check` shows them.

        | key | type | default | meaning |
        |---|---|---|---|
        """);
    rows(out, ConfigSpec.ROOT, "");
    for (KeyProvider provider : providers) {
      ProviderDescriptor descriptor = provider.descriptor();
      out.append("\n## Provider type `").append(descriptor.type()).append("`\n\n");
      out.append(descriptor.title()).append(".\n\n| parameter | | meaning |\n|---|---|---|\n");
      for (ProviderDescriptor.Param param : descriptor.params()) {
        out.append("| `").append(param.name()).append("` | ");
        out.append(param.required() ? "required" : "").append(param.secret() ? " secret" : "");
        out.append(param.path() ? " path" : "").append(" | ").append(param.help()).append(" |\n");
      }
    }
    return out.toString();
  }

  private static void rows(StringBuilder out, Spec.Block block, String prefix) {
    for (Key key : block.keys()) {
      String name = prefix + key.name();
      out.append("| `").append(name).append("` | ").append(type(key.spec())).append(" | ");
      out.append(defaultOf(key)).append(" | ").append(key.help()).append(" |\n");
      if (key.spec() instanceof Spec.Block inner) {
        rows(out, inner, name + ".");
      } else if (key.spec() instanceof Spec.Items(Spec.Block inner)) {
        rows(out, inner, name + "[].");
      }
    }
  }

  private static String type(Spec spec) {
    return switch (spec) {
      case Spec.Text text when text.secret() -> "secret";
      case Spec.Text text when text.path() -> "path";
      case Spec.Text text when !text.choices().isEmpty() ->
          text.choices().stream().map(c -> "`" + c + "`").collect(Collectors.joining(", "));
      case Spec.Text _ -> "text";
      case Spec.Int number -> "integer " + number.min() + " … " + number.max();
      case Spec.Flag _ -> "true, false";
      case Spec.Items items -> "list of " + type(items.item());
      case Spec.Block _ -> "object";
      case Spec.ProviderParams _ -> "object, by type";
    };
  }

  private static String defaultOf(Key key) {
    if (key.required()) {
      return "*required*";
    }
    return switch (key.spec()) {
      case Spec.Text text -> text.defaultValue().map(d -> "`" + d + "`").orElse("");
      case Spec.Int number -> number.defaultValue().map(d -> "`" + d + "`").orElse("");
      case Spec.Flag flag -> flag.defaultValue().map(d -> "`" + d + "`").orElse("");
      case Spec.Items _, Spec.Block _, Spec.ProviderParams _ -> "";
    };
  }
}
