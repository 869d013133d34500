// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.files.TempFiles;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Somebody at a command line in a folder, with variables, without a terminal. */
final class Desk {
  /** When the fake server signs. */
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final Path folder;
  private final Map<String, String> env = new TreeMap<>();
  private final FakeTime time = new FakeTime(NOW);
  private String input = "";
  private boolean terminal;

  private Desk(Path folder) {
    this.folder = folder;
  }

  static Desk in(Path folder) {
    return new Desk(folder);
  }

  /** With the variables for this server. */
  static Desk in(Path folder, FakeServer server) {
    return new Desk(folder)
        .variable("SGCSIGN_SERVER", server.uri().toString())
        .variable("SGCSIGN_APIKEY", FakeServer.API_KEY)
        .variable("SGCSIGN_PROVIDER", "build");
  }

  static Issued key(String name) {
    var authority = TestAuthority.simple(KeyType.EC_P256, NOW, new SecureRandom());
    return authority.issue(LeafProfile.codeSigning(name, KeyType.EC_P256, NOW));
  }

  static Bytes program(int number) {
    return PeBuilder.x64().seed(number).build();
  }

  Desk variable(String name, String value) {
    env.put(name, value);
    return this;
  }

  Desk typing(String text) {
    input = text;
    return this;
  }

  Desk atTerminal() {
    terminal = true;
    return this;
  }

  FakeTime time() {
    return time;
  }

  /** A new unsigned program. */
  Path program(String name, int number) {
    return write(name, program(number));
  }

  Path write(String name, Bytes content) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.write(file, content.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Bytes read(Path file) {
    try {
      return Bytes.wrap(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All files below the folder, with slashes. */
  List<String> files() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(f -> folder.relativize(f).toString().replace('\\', '/'))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How a command ended and what it said. */
  record Run(ExitCode exit, String out, String err) {
    /** The lines of the only failure: what, why, how to fix. */
    List<String> failure() {
      return err.lines()
          .dropWhile(l -> !l.startsWith("sgcsign: ") || l.contains("trying again"))
          .toList();
    }
  }

  Run run(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var random = new SecureRandom();
    var world =
        new World(
            env,
            folder,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            time,
            time,
            random,
            _ -> Optional.empty(),
            new TempFiles(random),
            "test");
    ExitCode exit = new Cli(world).run(args);
    return new Run(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** {@code sgcsign sign} with these words. */
  Run sign(String... words) {
    return run(Stream.concat(Stream.of("sign"), Arrays.stream(words)).toArray(String[]::new));
  }
}
