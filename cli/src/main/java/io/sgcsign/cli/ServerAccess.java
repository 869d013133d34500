// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.api.ApiClient;
import io.sgcsign.cli.api.Connector;
import io.sgcsign.cli.api.Credential;
import io.sgcsign.cli.api.ProxyRules;
import io.sgcsign.cli.api.Retry;
import io.sgcsign.cli.api.ServerAddress;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Which server, as whom: from flags, else variables, else what {@code login} stored. */
final class ServerAccess {
  /** Long enough for a server that is restarted or updated. */
  static final Duration LONG = Duration.ofMinutes(10);

  /** A person waits and sees what is wrong. */
  static final Duration NONE = Duration.ZERO;

  /** A batch of a thousand time stamps takes a minute. */
  private static final Duration ANSWER = Duration.ofMinutes(5);

  private final ParseResult parsed;
  private final World world;
  private final Console console;
  private boolean warned;

  ServerAccess(ParseResult parsed, World world, Console console) {
    this.parsed = parsed;
    this.world = world;
    this.console = console;
  }

  /** Who has to ask. */
  enum Need {
    API_KEY,
    ADMINISTRATOR,
    /** An API key, else a log-in, else nobody. */
    ANYBODY
  }

  static CommandSpec addTo(CommandSpec spec) {
    spec.addOption(
        Flags.value("URL", "The server, as https://host:port. Or SGCSIGN_SERVER.", "--server"));
    spec.addOption(
        Flags.value("FILE", "File with the API key. Or SGCSIGN_APIKEY_FILE.", "--api-key-file"));
    spec.addOption(
        Flags.value(
            "KEY",
            "The API key itself: other users can see it in the list of processes. Better"
                + " SGCSIGN_APIKEY.",
            "--api-key"));
    spec.addOption(
        Flags.value(
            "FILE",
            "Authorities to trust for the connection, in place of the system's. Or"
                + " SGCSIGN_CA_FILE.",
            "--ca-file"));
    spec.addOption(
        Flags.value(
            "URL", "HTTP proxy, or none. Or http_proxy, https_proxy and no_proxy.", "--proxy"));
    spec.addOption(
        Flags.value(
            "TIME", "How long to try again if the server is not available.", "--retry-for"));
    return spec;
  }

  Optional<ServerAddress> address() {
    return Flags.text(parsed, "--server")
        .or(() -> world.variable("SGCSIGN_SERVER"))
        .map(ServerAddress::parse);
  }

  ServerAddress requiredAddress() {
    return address()
        .orElseThrow(() ->
            Failure.usage(
                    "No server is named",
                    "neither --server nor SGCSIGN_SERVER is set",
                    "Set SGCSIGN_SERVER to something like https://sign.acme.local:8443.")
                .exception());
  }

  /** What there is to show to the server: an API key, else a log-in. */
  Optional<Credential> credential() {
    return address().flatMap(server -> credential(Need.ANYBODY, server));
  }

  /** The API key, wherever it is. */
  Optional<Credential> apiKey() {
    if (Flags.given(parsed, "--api-key") && !warned) {
      warned = true;
      console.warning(
          "--api-key shows the key to everybody who can list processes; use SGCSIGN_APIKEY or"
              + " --api-key-file");
    }
    return Flags.text(parsed, "--api-key-file")
        .map(f -> keyFile(f, "--api-key-file"))
        .or(() -> Flags.text(parsed, "--api-key").map(k -> key(k, "--api-key")))
        .or(() -> world.variable("SGCSIGN_APIKEY").map(k -> key(k, "SGCSIGN_APIKEY")))
        .or(() ->
            world.variable("SGCSIGN_APIKEY_FILE").map(f -> keyFile(f, "SGCSIGN_APIKEY_FILE")));
  }

  private static Credential key(String text, String source) {
    return new Credential(Credential.Kind.API_KEY, text.strip(), source);
  }

  private Credential keyFile(String name, String source) {
    Path file = world.path(name);
    try {
      return key(Files.readString(file, StandardCharsets.UTF_8), file.toString());
    } catch (IOException e) {
      throw Failure.usage(
              "The API key file cannot be read", source + ": " + e, "Check name and permissions.")
          .exception();
    }
  }

  /**
   * A client of the server.
   *
   * @param patience how long to try again unless {@code --retry-for} says so
   */
  ApiClient client(Need need, Duration patience) {
    ServerAddress server = requiredAddress();
    Optional<Credential> credential = credential(need, server);
    if (credential.isPresent() && server.exposed()) {
      console.warning(server + " is not TLS: everybody on the way can read the credential");
    }
    return client(server, credential, patience);
  }

  ApiClient client(ServerAddress server, Optional<Credential> credential, Duration patience) {
    Duration budget =
        Flags.text(parsed, "--retry-for")
            .map(t -> Durations.parse("--retry-for", t))
            .orElse(patience);
    var retry = new Retry(budget, world.clock(), world.pause(), world.random(), console::note);
    Optional<Path> caFile =
        Flags.text(parsed, "--ca-file")
            .or(() -> world.variable("SGCSIGN_CA_FILE"))
            .map(world::path);
    var proxies = ProxyRules.of(Flags.text(parsed, "--proxy"), world.env());
    var connector = new Connector(proxies, caFile, ANSWER);
    return new ApiClient(server, credential, connector, retry, "sgcsign/" + world.version());
  }

  private Optional<Credential> credential(Need need, ServerAddress server) {
    var store = new CredentialStore(world);
    return switch (need) {
      case API_KEY ->
          Optional.of(
              apiKey()
                  .orElseThrow(() ->
                      Failure.of(
                              ExitCode.AUTHENTICATION,
                              "There is no API key",
                              "neither SGCSIGN_APIKEY nor --api-key-file is set",
                              "Make a key (sgcsign keys create) and set SGCSIGN_APIKEY.")
                          .exception()));
      case ADMINISTRATOR ->
          Optional.of(
              store
                  .token(server)
                  .orElseThrow(() ->
                      Failure.of(
                              ExitCode.AUTHENTICATION,
                              "You are not logged in to " + server,
                              store.expired(server)
                                  ? "the log-in has expired"
                                  : "there is no token for it in " + store.file(),
                              "Log in: sgcsign login --server " + server + ".")
                          .exception()));
      case ANYBODY -> apiKey().or(() -> store.token(server));
    };
  }
}
