// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.files.TempFiles;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.format.apk.ApkProvider;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The {@code sgcsign} command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    ApkProvider.register();
    var random = new SecureRandom();
    var temps = new TempFiles(random);
    Runtime.getRuntime().addShutdownHook(new Thread(temps::sweep));
    String version = Main.class.getPackage().getImplementationVersion();
    var world =
        new World(
            System.getenv(),
            Path.of("").toAbsolutePath(),
            System.in,
            utf8(FileDescriptor.out),
            utf8(FileDescriptor.err),
            Boolean.getBoolean("sgcsign.terminal"),
            InstantSource.system(),
            Main::pause,
            random,
            Main::prompt,
            temps,
            version == null ? "development" : version);
    ExitCode exit = new Cli(world).run(args);
    world.out().flush();
    System.exit(exit.number());
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the server", e);
    }
  }

  private static Optional<String> prompt(String text) {
    return Optional.ofNullable(System.console())
        .filter(java.io.Console::isTerminal)
        .map(console -> console.readPassword("%s", text))
        .map(String::new);
  }
}
