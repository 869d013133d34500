// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.server.certificate.QuickstartFiles;
import io.sgcsign.server.config.ConfigLoader;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.ops.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts and stops a server with throw-away keys in a folder of its own: bin/launch.sh has the JVM
 * remember what was loaded on the way.
 */
final class RehearseCommand {
  private final House.World world;
  private final Function<House.World, ConfigLoader> loader;

  RehearseCommand(House.World world, Function<House.World, ConfigLoader> loader) {
    this.world = world;
    this.loader = loader;
  }

  int run() {
    try {
      Path folder = Files.createTempDirectory("sgcsign-rehearsal");
      try {
        new QuickstartFiles(world.clock().instant(), world.random())
            .create(folder, 0, FileCommands.freePort(), ConfigLoader.FILE_NAME);
        House.World there = with(secrets(folder));
        ServerConfig config = loader.apply(there).load(folder.resolve(ConfigLoader.FILE_NAME));
        House.open(config, there, log()).close();
      } finally {
        delete(folder);
      }
      return 0;
    } catch (IOException e) {
      throw new StartException("The rehearsal failed: " + e, e);
    }
  }

  private static Map<String, String> secrets(Path folder) throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("secrets.env"))) {
      return lines
          .map(line -> line.split("=", 2))
          .collect(Collectors.toMap(p -> p[0], p -> p[1].replace("'", "")));
    }
  }

  private House.World with(Map<String, String> environment) {
    return new House.World(
        world.clock(),
        world.random(),
        name -> Optional.ofNullable(environment.get(name)),
        world.providers(),
        world.version());
  }

  private Log log() {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new Log(Log.Level.ERROR, world.clock(), nowhere);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
