// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import io.sgcsign.timestamp.StampProtocol;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Turns checked values into records and checks what concerns several keys at once. */
final class ConfigBuilder {
  private static final Set<String> LOG_LEVELS =
      Set.of("none", "fatal", "error", "warning", "info", "debug", "verbose");

  /** Types the product will have; naming one is a warning, not a mistake. */
  private static final Set<String> LATER_TYPES =
      Set.of(
          "WinCertStore",
          "PKCS11",
          "AWSKMS",
          "AzureTS",
          "AzureKV",
          "GCPKMS",
          "Vault",
          "SimplySign");

  private final ConfigReader reader;
  private final Set<String> formats;
  private final Set<String> alone;
  private final List<String> wellKnownAuthorities;
  private final Function<String, Optional<String>> variables;
  private final List<String> warnings = new ArrayList<>();

  ConfigBuilder(
      ConfigReader reader,
      Set<String> formats,
      Set<String> alone,
      List<String> wellKnownAuthorities,
      Function<String, Optional<String>> variables) {
    this.reader = reader;
    this.formats = formats;
    this.alone = alone;
    this.wellKnownAuthorities = wellKnownAuthorities;
    this.variables = variables;
  }

  ServerConfig build(Path file, Values root) {
    var server = server(root.block("server"));
    var admin = root.block("admin");
    var testAuthority = testAuthority(root);
    var config =
        new ServerConfig(
            file,
            server,
            root.block("storage").path("sqlite_path").orElse(file),
            new ServerConfig.Admin(
                admin.get("initial_user"),
                admin.get("initial_password_env"),
                admin.integer("session_timeout_minutes")),
            root.block("audit").integer("retention_days"),
            providers(root),
            timestamping(root.block("timestamping"), testAuthority),
            existing(root.block("trust"), "anchors_file"),
            testAuthority,
            warnings);
    checkPlaintext(root.block("server"), config);
    return config;
  }

  private ServerConfig.Server server(Values server) {
    String level = server.block("log").get("level");
    Optional<String> override = variables.apply("SGCSIGN_LOG_LEVEL");
    if (override.isPresent() && !LOG_LEVELS.contains(override.get())) {
      reader.problem(
          server.at(),
          server.pointer() + "/log/level",
          "SGCSIGN_LOG_LEVEL=" + override.get() + " is no log level",
          Suggestion.hint(override.get(), LOG_LEVELS));
    }
    return new ServerConfig.Server(
        server.get("listen"),
        server.integer("port"),
        tls(server.block("tls")),
        server.integer("max_upload_mb") * 1024L * 1024L,
        firewall(server.block("firewall")),
        Set.copyOf(new HashSet<>(server.texts("public").orElse(List.of()))),
        override.orElse(level),
        name(server, "node"),
        server.get("log_origin"));
  }

  private Optional<ServerConfig.Tls> tls(Values tls) {
    if (!tls.flag("enabled")) {
      return Optional.empty();
    }
    Optional<Path> certificate = tls.path("cert_file");
    Optional<Path> key = tls.path("key_file");
    if (certificate.isEmpty() || key.isEmpty()) {
      reader.problem(
          tls.at(),
          tls.pointer(),
          "TLS is on, but there is no certificate (cert_file, key_file)",
          "Make one: sgcsign-server test-cert --tls --out certs/server.crt --key-out"
              + " certs/server.key\nor set \"enabled\": false on a loopback address.");
      return Optional.empty();
    }
    var _ = existing(tls, "cert_file");
    var _ = existing(tls, "key_file");
    return Optional.of(
        new ServerConfig.Tls(certificate.get(), key.get(), tls.secret("key_password")));
  }

  private void checkPlaintext(Values server, ServerConfig config) {
    boolean off = !server.block("tls").flag("enabled");
    if (off && !config.loopbackOnly()) {
      reader.problem(
          server.at(),
          server.pointer() + "/tls/enabled",
          "without TLS the server listens on a loopback address only, not on "
              + config.server().listen(),
          "Turn TLS on or set \"listen\": \"127.0.0.1\".");
    }
    if (config.testAuthority().isPresent() && !config.loopbackOnly()) {
      reader.problem(
          server.at(),
          "/test_authority",
          "the TEST authority runs on a loopback address only",
          "Remove test_authority from a server that others can reach.");
    }
  }

  private ServerConfig.Firewall firewall(Values firewall) {
    boolean on = firewall.flag("enabled");
    var brute = firewall.block("brute_force");
    var rate = firewall.block("rate_limit");
    return new ServerConfig.Firewall(
        on ? ranges(firewall, "whitelist") : List.of(),
        on ? ranges(firewall, "blacklist") : List.of(),
        on && brute.flag("enabled")
            ? Optional.of(
                new ServerConfig.BruteForce(
                    brute.integer("max_attempts"), brute.integer("ban_duration_sec")))
            : Optional.empty(),
        on && rate.flag("enabled")
            ? Optional.of(
                new ServerConfig.RateLimit(
                    rate.integer("max_connections_per_ip"), rate.integer("time_window_sec")))
            : Optional.empty());
  }

  private List<Cidr> ranges(Values firewall, String name) {
    var out = new ArrayList<Cidr>();
    for (String text : firewall.texts(name).orElse(List.of())) {
      Cidr.parse(text)
          .ifPresentOrElse(
              out::add,
              () ->
                  reader.problem(
                      firewall.at(name),
                      firewall.pointer() + "/" + name,
                      "\"" + text + "\" is no address range",
                      "Write 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32."));
    }
    return out;
  }

  private List<ServerConfig.Provider> providers(Values root) {
    var out = new ArrayList<ServerConfig.Provider>();
    var names = new HashSet<String>();
    for (Values values : root.blocks("providers")) {
      if (!values.has("name") || !values.has("type")) {
        continue;
      }
      String name = name(values, "name");
      if (!names.add(name)) {
        reader.problem(
            values.at(), values.pointer(), "a second provider \"" + name + "\"", "Rename one.");
      }
      out.add(provider(values, name));
    }
    return out;
  }

  private ServerConfig.Provider provider(Values values, String name) {
    String type = values.get("type");
    if (!reader.providerTypes().contains(type)) {
      if (LATER_TYPES.contains(type)) {
        warnings.add("provider \"" + name + "\" is off: this build has no provider type " + type);
      } else {
        reader.problem(
            values.at("type"),
            values.pointer() + "/type",
            "unknown provider type \"" + type + "\"",
            Suggestion.hint(type, reader.providerTypes()));
      }
    } else if (!values.has("params")) {
      reader.problem(
          values.at(), values.pointer(), "\"params\" is missing", "Add \"params\": {…}.");
    }
    return new ServerConfig.Provider(
        name,
        type,
        values.params("params"),
        rules(values.block("rules")),
        values.text("tsa_url").flatMap(u -> url(u, values, "tsa_url")),
        values.optionalFlag("required"));
  }

  private ServerConfig.Rules rules(Values rules) {
    Optional<List<String>> named = rules.texts("formats");
    for (String format : named.orElse(List.of())) {
      if (!formats.contains(format)) {
        reader.problem(
            rules.at("formats"),
            rules.pointer() + "/formats",
            "unknown format \"" + format + "\"",
            Suggestion.hint(format, formats));
      }
    }
    if (named.isPresent() && named.get().size() > 1) {
      named.get().stream()
          .filter(alone::contains)
          .forEach(format ->
              reader.problem(
                  rules.at("formats"),
                  rules.pointer() + "/formats",
                  "a key that signs " + format + " must sign nothing else",
                  "Give " + format + " a provider of its own: \"formats\": [\"" + format + "\"]."));
    }
    return new ServerConfig.Rules(
        named.map(Set::copyOf),
        rules.flag("allow_sha1"),
        rules
            .text("timestamp")
            .map(t -> ServerConfig.StampRule.valueOf(t.toUpperCase(Locale.ROOT))),
        rules.flag("allow_hash_only"));
  }

  private ServerConfig.Timestamping timestamping(
      Values values, Optional<ServerConfig.TestAuthorityConfig> testAuthority) {
    var authorities = new ArrayList<ServerConfig.Authority>();
    for (Values authority : values.blocks("authorities")) {
      authority
          .text("url")
          .flatMap(u -> url(u, authority, "url"))
          .ifPresent(u ->
              authorities.add(
                  new ServerConfig.Authority(
                      u,
                      protocol(authority),
                      existing(authority, "anchors_file"),
                      oid(authority, "policy_oid"),
                      authority.integer("max_per_minute"))));
    }
    testAuthority.ifPresent(t ->
        authorities.add(
            new ServerConfig.Authority(
                URI.create("http://127.0.0.1:" + t.port() + "/tsa"),
                StampProtocol.RFC3161,
                Optional.of(t.rootFile()),
                Optional.empty(),
                0)));
    var allowed = new ArrayList<URI>();
    for (String text : values.texts("allowed").orElse(wellKnownAuthorities)) {
      url(text, values, "allowed").ifPresent(allowed::add);
    }
    return new ServerConfig.Timestamping(authorities, values.flag("hedge"), allowed);
  }

  private StampProtocol protocol(Values authority) {
    StampProtocol protocol =
        StampProtocol.byWireName(authority.get("protocol")).orElse(StampProtocol.RFC3161);
    if (protocol == StampProtocol.AUTHENTICODE && authority.has("policy_oid")) {
      reader.problem(
          authority.at("policy_oid"),
          authority.pointer() + "/policy_oid",
          "counter-signatures are under no policy",
          "Leave policy_oid out, or ask for RFC 3161 tokens.");
    }
    return protocol;
  }

  private Optional<String> oid(Values values, String key) {
    Optional<String> given = values.text(key);
    if (given.isEmpty() || given.get().matches(ConfigSpec.OID_PATTERN)) {
      return given;
    }
    reader.problem(
        values.at(key),
        values.pointer() + "/" + key,
        "\"" + given.get() + "\" is no object identifier",
        "Write numbers and dots, for example 1.3.6.1.4.1.4146.2.3.");
    return Optional.empty();
  }

  private Optional<ServerConfig.TestAuthorityConfig> testAuthority(Values root) {
    return root.optionalBlock("test_authority")
        .filter(t -> t.has("tsa_file") && t.has("tsa_password"))
        .filter(t -> t.has("root_file") && t.has("folder") && t.has("port"))
        .map(t ->
            new ServerConfig.TestAuthorityConfig(
                t.integer("port"),
                t.path("tsa_file").orElseThrow(),
                t.secret("tsa_password").orElseThrow(),
                t.path("root_file").orElseThrow(),
                t.path("folder").orElseThrow()));
  }

  private Optional<URI> url(String text, Values values, String key) {
    Optional<URI> parsed = HttpUrl.parse(text);
    if (parsed.isPresent()) {
      return parsed;
    }
    reader.problem(
        values.at(key),
        values.pointer() + "/" + key,
        "\"" + text + "\" is no http or https URL",
        "Write http://host/path.");
    return Optional.empty();
  }

  private String name(Values values, String key) {
    String name = values.get(key);
    if (!name.matches(ConfigSpec.NAME_PATTERN)) {
      reader.problem(
          values.at(key),
          values.pointer() + "/" + key,
          "\"" + name + "\" is no name",
          "Use letters, digits, dot, dash and underscore, at most 64.");
    }
    return name;
  }

  private Optional<Path> existing(Values values, String key) {
    Optional<Path> path = values.path(key);
    path.filter(p -> !Files.isReadable(p))
        .ifPresent(p ->
            reader.problem(
                values.at(key),
                values.pointer() + "/" + key,
                "cannot read " + p,
                "Check the path (relative to the configuration file) and the rights."));
    return path;
  }
}
