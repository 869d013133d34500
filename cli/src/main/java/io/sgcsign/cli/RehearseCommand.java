// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.layout.pe.SampleProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Runs once through what a signing command does, against a server of its own: bin/launch.sh has the
 * JVM remember what was loaded on the way.
 */
final class RehearseCommand implements Command {
  private static final String PROGRAM = "rehearsal.exe";
  private static final String ROOT = "root.pem";

  @Override
  public CommandSpec spec() {
    return Flags.command("rehearse", "Signs a sample, so that the JVM learns what starts fast.");
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    try {
      Path folder = Files.createTempDirectory("sgcsign-rehearsal");
      try (var server = new RehearsalServer(world.clock(), world.random())) {
        Files.write(folder.resolve(PROGRAM), SampleProgram.create().toArray());
        Files.writeString(folder.resolve(ROOT), server.rootPem());
        return rehearse(in(folder, server, world));
      } finally {
        for (String name : List.of(PROGRAM, ROOT)) {
          Files.deleteIfExists(folder.resolve(name));
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ExitCode rehearse(World world) {
    for (String line :
        List.of(
            "version",
            "sign " + PROGRAM,
            "sign -q -f authenticode " + PROGRAM,
            "verify " + PROGRAM + " --trust " + ROOT,
            "sign --help")) {
      ExitCode exit = new Cli(world).run(line.split(" ", -1));
      if (exit != ExitCode.OK) {
        return exit;
      }
    }
    return ExitCode.OK;
  }

  /** The same world somewhere else, where nobody listens. */
  private static World in(Path folder, RehearsalServer server, World world) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new World(
        Map.of(
            "SGCSIGN_SERVER",
            server.uri().toString(),
            "SGCSIGN_APIKEY",
            "sgcsk_rehearsal",
            "SGCSIGN_PROVIDER",
            "rehearsal",
            "SGCSIGN_CA_FILE",
            ROOT,
            "SGCSIGN_ROOT_FILE",
            ROOT),
        folder,
        world.in(),
        nowhere,
        nowhere,
        false,
        world.clock(),
        world.pause(),
        world.random(),
        world.prompt(),
        world.temps(),
        world.version());
  }
}
