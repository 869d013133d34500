// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.api.Call;
import io.sgcsign.cli.api.ServerAddress;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign login}: a person's token, kept for one server. */
final class LoginCommand implements Command {
  @Override
  public CommandSpec spec() {
    return ServerAccess.addTo(
        Flags.command(
            "login",
            "Logs in as an administrator and keeps the token for this server, until it expires.",
            Flags.value("NAME", "The user. Default: admin.", "--user"),
            Flags.flag("Read the password from standard input.", "--password-stdin")));
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    var access = new ServerAccess(parsed, world, console);
    ServerAddress server = access.requiredAddress();
    if (server.exposed()) {
      console.warning(server + " is not TLS: everybody on the way can read the password");
    }
    String user = Flags.text(parsed, "--user").orElse("admin");
    String password =
        Flags.given(parsed, "--password-stdin") ? firstLine(world) : asked(world, user, server);
    JsonValue.Obj reply =
        access
            .client(server, Optional.empty(), ServerAccess.NONE)
            .json(
                Call.post(
                    "/api/v1/admin/login",
                    Json.write(json -> {
                      json.writeStartObject();
                      json.writeStringProperty("user", user);
                      json.writeStringProperty("password", password);
                      json.writeEndObject();
                    })));
    String token = member(reply, "token");
    String end = member(reply, "expires_at");
    var store = new CredentialStore(world);
    store.put(server, user, token, end);
    console.line("Logged in to " + server + " as " + user + " until " + end);
    return ExitCode.OK;
  }

  private static String member(JsonValue.Obj reply, String name) {
    return reply
        .text(name)
        .orElseThrow(() ->
            Failure.of(
                    ExitCode.UNEXPECTED,
                    "The server's answer cannot be understood",
                    "it lacks " + name,
                    "Update sgcsign and the server to the same version.")
                .exception());
  }

  private static String asked(World world, String user, ServerAddress server) {
    return world
        .prompt()
        .apply("Password of " + user + " at " + server + ": ")
        .orElseThrow(() -> none("there is no terminal to ask at"));
  }

  private static String firstLine(World world) {
    try {
      var in = new BufferedReader(new InputStreamReader(world.in(), StandardCharsets.UTF_8));
      String line = in.readLine();
      if (line == null || line.isEmpty()) {
        throw none("standard input is empty");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RuntimeException none(String why) {
    return Failure.usage(
            "There is no password", why, "Pipe it in: … | sgcsign login --password-stdin.")
        .exception();
  }
}
