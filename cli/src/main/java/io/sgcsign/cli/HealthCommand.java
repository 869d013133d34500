// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.api.ApiClient;
import io.sgcsign.cli.api.Call;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign health}: whether the server signs now. */
final class HealthCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Flags.command(
            "health",
            "Tells whether the server signs now; exit code 9 if it does not.",
            Flags.flag("Print what the server says as JSON.", "--json"),
            Flags.flag("Print nothing if all is well.", "-q", "--quiet"));
    return ServerAccess.addTo(spec);
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    ApiClient api =
        new ServerAccess(parsed, world, console)
            .client(ServerAccess.Need.ANYBODY, ServerAccess.NONE);
    JsonValue.Obj state = api.json(Call.get("/api/v1/health"));
    boolean ready = state.flag("ready");
    if (Flags.given(parsed, "--json")) {
      console.result(Json.write(json -> JsonCopy.write(json, state)));
    } else {
      people(console, state, ready);
    }
    return ready ? ExitCode.OK : ExitCode.UNAVAILABLE;
  }

  private static void people(Console console, JsonValue.Obj state, boolean ready) {
    String version = state.text("version").map(v -> " (version " + v + ")").orElse("");
    String first = ready ? "ready" + version : "NOT READY" + version;
    if (ready) {
      console.line(first);
    } else {
      console.result(first);
    }
    state.object("ledger").ifPresent(l -> part(console, "ledger", l));
    state
        .object("providers")
        .ifPresent(all ->
            all.members()
                .forEach((name, value) -> {
                  if (value instanceof JsonValue.Obj provider) {
                    part(console, "provider " + name, provider);
                  }
                }));
    for (JsonValue value : state.items("timestamping")) {
      if (value instanceof JsonValue.Obj authority) {
        part(console, "time stamps of " + authority.text("url").orElse("?"), authority);
      }
    }
    for (JsonValue warning : state.items("warnings")) {
      if (warning instanceof JsonValue.Text text) {
        console.line("  warning: " + text.value());
      }
    }
  }

  private static void part(Console console, String name, JsonValue.Obj state) {
    String detail = state.text("detail").filter(d -> !d.isEmpty()).map(d -> ": " + d).orElse("");
    console.line("  " + name + (state.flag("ready") ? " ready" : " NOT READY") + detail);
  }
}
