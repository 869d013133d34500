// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.api.Credential;
import io.sgcsign.cli.api.ServerAddress;
import io.sgcsign.cli.files.Draft;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonException;
import io.sgcsign.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code login} keeps: a token for each server, which goes to that server only. The file is
 * the user's alone.
 */
final class CredentialStore {
  private static final String SERVERS = "servers";

  private final World world;
  private final Path file;

  CredentialStore(World world) {
    this.world = world;
    this.file = folder(world).resolve("credentials");
  }

  private static Path folder(World world) {
    return world
        .variable("XDG_CONFIG_HOME")
        .or(() -> world.variable("APPDATA"))
        .map(world::path)
        .or(() -> world.variable("HOME").map(h -> world.path(h).resolve(".config")))
        .orElseGet(() -> world.path(System.getProperty("user.home")).resolve(".config"))
        .resolve("sgcsign");
  }

  Path file() {
    return file;
  }

  /** The token for {@code server}, unless there is none or it has expired. */
  Optional<Credential> token(ServerAddress server) {
    return entry(server)
        .filter(e -> !expired(e))
        .flatMap(e -> e.text("token"))
        .map(t -> new Credential(Credential.Kind.TOKEN, t, file.toString()));
  }

  /** Whether there was a token that has expired. */
  boolean expired(ServerAddress server) {
    return entry(server).filter(this::expired).isPresent();
  }

  private Optional<JsonValue.Obj> entry(ServerAddress server) {
    return read().object(SERVERS).flatMap(s -> s.object(server.origin()));
  }

  private boolean expired(JsonValue.Obj entry) {
    return entry
        .text("expires_at")
        .map(Instant::parse)
        .filter(end -> !end.isAfter(world.clock().instant()))
        .isPresent();
  }

  private JsonValue.Obj read() {
    var empty = new JsonValue.Obj(new JsonValue.Location(1, 1), Map.of());
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return Json.parse(text) instanceof JsonValue.Obj object ? object : empty;
    } catch (NoSuchFileException _) {
      return empty;
    } catch (IOException | JsonException e) {
      throw Failure.of(
              ExitCode.AUTHENTICATION,
              "The stored credentials cannot be read",
              file + ": " + e.getMessage(),
              "Remove the file and log in again: sgcsign login.")
          .exception();
    }
  }

  /** Keeps a token; others stay. */
  void put(ServerAddress server, String user, String token, String expiresAt) {
    Map<String, JsonValue> servers =
        new LinkedHashMap<>(read().object(SERVERS).map(JsonValue.Obj::members).orElse(Map.of()));
    servers.remove(server.origin());
    String text =
        Json.write(json -> {
          json.writeStartObject();
          json.writeObjectPropertyStart(SERVERS);
          servers.forEach((origin, value) -> {
            json.writeName(origin);
            JsonCopy.write(json, value);
          });
          json.writeObjectPropertyStart(server.origin());
          json.writeStringProperty("user", user);
          json.writeStringProperty("token", token);
          json.writeStringProperty("expires_at", expiresAt);
          json.writeEndObject();
          json.writeEndObject();
          json.writeEndObject();
        });
    write(text);
  }

  private void write(String text) {
    try (Draft draft = Draft.of(file, world.temps())) {
      draft.write(out -> {
        makePrivate(draft.file());
        out.write(text.getBytes(StandardCharsets.UTF_8));
      });
      draft.publish(draft.file());
      makePrivate(file);
    } catch (IOException e) {
      throw Failure.of(
              ExitCode.UNEXPECTED,
              "The credential cannot be stored",
              e.toString(),
              "Check " + file.getParent() + ".")
          .exception();
    }
  }

  /** Before the secret is in it. */
  private static void makePrivate(Path path) throws IOException {
    var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rw-------"));
    }
  }
}
