// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.format.Option;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.server.config.HttpUrl;
import io.sgcsign.server.config.ServerConfig.StampRule;
import io.sgcsign.server.identity.Principal;
import io.sgcsign.server.ledger.event.BuildContext;
import io.sgcsign.server.request.IfSigned;
import io.sgcsign.server.request.SignOrder;
import io.sgcsign.wire.Code;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The fields every signing request has, read from a form or a JSON object alike. */
final class SignForm {
  static final String LABEL = "labels.";

  /** Characters of one fact about a build. */
  private static final int MAX_FACT = 2048;

  private static final List<String> CONTEXT =
      List.of("repository", "commit", "branch", "build_url", "build_id", "version");
  private static final List<String> CONTROL =
      List.of("provider", "tsa_url", "timestamp", "if_signed");

  /** Fields of a later version: refused by name, so that nobody believes they had an effect. */
  private static final List<String> LATER = List.of("project", "policy");

  private SignForm() {}

  /** The names of all fields of a format besides the file. */
  static List<String> names(SignatureFormat format) {
    var names = new ArrayList<>(CONTROL);
    names.addAll(CONTEXT);
    names.add("description");
    names.addAll(LATER);
    options(format).stream().map(Option::name).filter(n -> !names.contains(n)).forEach(names::add);
    return names;
  }

  /** The options a caller may set; whether signatures are replaced is said with if_signed. */
  static List<Option> options(SignatureFormat format) {
    return format.descriptor().options().stream()
        .filter(o -> !o.name().equals(Options.EXISTING))
        .toList();
  }

  static Schema.Obj schema(SignatureFormat format) {
    Schema.Obj schema =
        new Schema.Obj(List.of(), true)
            .required("provider", Schema.text(), "The provider whose key signs.")
            .with("tsa_url", Schema.text(), "Time-stamp authority to ask.")
            .with(
                "timestamp",
                Schema.choice(List.of("none", "optional", "required"), ""),
                "Whether a time stamp is needed; within the provider's rules.")
            .with(
                "if_signed",
                Schema.choice(List.of("fail", "skip", "append", "replace"), "replace"),
                "What to do with a file that is signed already.");
    for (Option option : options(format)) {
      schema = schema.with(option.name(), schema(option), option.help());
    }
    for (String fact : CONTEXT) {
      schema = schema.with(fact, Schema.text(), "About the build; recorded as unverified.");
    }
    return schema;
  }

  private static Schema schema(Option option) {
    return switch (option.type()) {
      case TEXT, CHOICES -> new Schema.Simple("string", "", List.of(), option.defaultValue());
      case FLAG, CHOICE -> Schema.choice(option.values(), option.defaultValue());
    };
  }

  static SignOrder order(
      Exchange exchange, SignatureFormat format, Map<String, String> fields, String fileName) {
    for (String later : LATER) {
      if (fields.containsKey(later)) {
        throw ProblemException.of(
            Code.FEATURE_UNAVAILABLE, "This server knows no field \"" + later + "\" yet");
      }
    }
    var given = new TreeMap<String, String>();
    for (Option option : options(format)) {
      Optional.ofNullable(fields.get(option.name()))
          .filter(v -> !v.isEmpty())
          .ifPresent(v -> given.put(option.name(), v));
    }
    return new SignOrder(
        exchange.requestId(),
        (Principal.ApiKey) exchange.principal(),
        exchange.peer().getHostAddress(),
        format,
        provider(fields),
        Options.of(format.descriptor(), given),
        stamp(fields),
        tsa(fields),
        context(fields),
        exchange.header("Idempotency-Key").map(SignForm::idempotencyKey),
        fileName);
  }

  private static String provider(Map<String, String> fields) {
    String provider = fields.getOrDefault("provider", "");
    if (provider.isEmpty()) {
      throw ProblemException.of(
          Code.FIELD_MISSING,
          "The field \"provider\" is missing",
          "GET /api/v1/providers lists what you may use.");
    }
    return provider;
  }

  static IfSigned ifSigned(Map<String, String> fields) {
    return Optional.ofNullable(fields.get("if_signed"))
        .filter(v -> !v.isEmpty())
        .map(v ->
            IfSigned.byWireName(v)
                .orElseThrow(() ->
                    ProblemException.of(
                        Code.FIELD_INVALID,
                        "if_signed is fail, skip, append or replace, not \"" + v + "\"")))
        .orElse(IfSigned.REPLACE);
  }

  private static Optional<StampRule> stamp(Map<String, String> fields) {
    return Optional.ofNullable(fields.get("timestamp"))
        .filter(v -> !v.isEmpty())
        .map(v -> {
          if (!List.of("none", "optional", "required").contains(v)) {
            throw ProblemException.of(
                Code.FIELD_INVALID, "timestamp is none, optional or required, not \"" + v + "\"");
          }
          return StampRule.valueOf(v.toUpperCase(Locale.ROOT));
        });
  }

  private static Optional<URI> tsa(Map<String, String> fields) {
    return Optional.ofNullable(fields.get("tsa_url"))
        .filter(v -> !v.isEmpty())
        .map(v ->
            HttpUrl.parse(v)
                .orElseThrow(
                    () -> ProblemException.of(Code.FIELD_INVALID, "tsa_url is no http URL: " + v)));
  }

  private static BuildContext context(Map<String, String> fields) {
    SortedMap<String, String> labels = new TreeMap<>();
    fields.forEach((name, value) -> {
      if (name.startsWith(LABEL)) {
        labels.put(name.substring(LABEL.length()), value);
      }
      if ((name.startsWith(LABEL) || CONTEXT.contains(name)) && value.length() > MAX_FACT) {
        throw ProblemException.of(
            Code.FIELD_INVALID, name + " is longer than " + MAX_FACT + " characters");
      }
    });
    return new BuildContext(
        fact(fields, "description"),
        fact(fields, "repository"),
        fact(fields, "commit"),
        fact(fields, "branch"),
        fact(fields, "build_url"),
        fact(fields, "build_id"),
        fact(fields, "version"),
        labels);
  }

  private static Optional<String> fact(Map<String, String> fields, String name) {
    return Optional.ofNullable(fields.get(name)).filter(v -> !v.isEmpty());
  }

  /**
   * RFC draft-ietf-httpapi-idempotency-key-header-07 §2.1: a quoted string; bare ones are taken
   * too.
   */
  static String idempotencyKey(String header) {
    String key =
        header.length() > 1 && header.startsWith("\"") && header.endsWith("\"")
            ? header.substring(1, header.length() - 1)
            : header;
    if (key.isEmpty() || key.length() > 255 || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw ProblemException.of(
          Code.FIELD_INVALID, "Idempotency-Key takes 1 to 255 printable ASCII characters");
    }
    return key;
  }
}
