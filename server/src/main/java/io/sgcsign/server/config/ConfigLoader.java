// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import io.sgcsign.json.Json;
import io.sgcsign.json.JsonException;
import io.sgcsign.json.JsonValue;
import io.sgcsign.json.JsonValue.Location;
import io.sgcsign.key.KeyProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Loads {@code sgcSignServer.conf.json}. */
public final class ConfigLoader {
  /** The file's name wherever it is looked for. */
  public static final String FILE_NAME = "sgcSignServer.conf.json";

  /** Far above any real configuration; keeps a wrong path from filling the heap. */
  private static final int MAX_FILE = 4 * 1024 * 1024;

  private final Function<String, Optional<String>> variables;
  private final List<KeyProvider> providers;
  private final Set<String> formats;
  private final Set<String> alone;
  private final List<String> wellKnownAuthorities;

  /**
   * @param formats names of all formats
   * @param alone of those whose keys sign nothing else
   */
  public ConfigLoader(
      Function<String, Optional<String>> variables,
      List<KeyProvider> providers,
      Set<String> formats,
      Set<String> alone,
      List<String> wellKnownAuthorities) {
    this.variables = variables;
    this.providers = List.copyOf(providers);
    this.formats = Set.copyOf(formats);
    this.alone = Set.copyOf(alone);
    this.wellKnownAuthorities = List.copyOf(wellKnownAuthorities);
  }

  /** The places a configuration is looked for when none is named, in order. */
  public List<Path> places(Path workingFolder) {
    Path system =
        variables
            .apply("ProgramData")
            .map(p -> Path.of(p, "sgcsign"))
            .orElse(Path.of("/etc/sgcsign"));
    return variables
        .apply("SGCSIGN_CONFIG")
        .map(c -> List.of(Path.of(c)))
        .orElse(List.of(workingFolder.resolve(FILE_NAME), system.resolve(FILE_NAME)));
  }

  /**
   * Loads {@code file}.
   *
   * @throws ConfigException with every problem of the file
   */
  public ServerConfig load(Path file) {
    Path absolute = file.toAbsolutePath();
    var folder = Optional.ofNullable(absolute.getParent()).orElse(absolute);
    var reader = new ConfigReader(new Environment(variables, folder), providers);
    JsonValue tree = parse(absolute);
    Values root = reader.block(ConfigSpec.ROOT, tree, "");
    if (!(tree instanceof JsonValue.Obj)) { // nothing to build from, not even defaults
      throw new ConfigException(file.toString(), reader.problems());
    }
    ServerConfig config =
        new ConfigBuilder(reader, formats, alone, wellKnownAuthorities, variables)
            .build(absolute, root);
    if (!reader.problems().isEmpty()) {
      throw new ConfigException(file.toString(), reader.problems());
    }
    return config;
  }

  private static JsonValue parse(Path file) {
    try {
      return Json.parseCommented(SmallFile.read(file, MAX_FILE));
    } catch (JsonException e) {
      throw failure(file, e.at(), "not JSON: " + e.getMessage(), "Check commas and quotes here.");
    } catch (IOException e) {
      throw failure(
          file,
          new Location(1, 1),
          "cannot be read: " + e,
          "Name the file with --config PATH or SGCSIGN_CONFIG.");
    }
  }

  private static ConfigException failure(Path file, Location at, String message, String hint) {
    return new ConfigException(file.toString(), List.of(new ConfigProblem(at, "", message, hint)));
  }
}
