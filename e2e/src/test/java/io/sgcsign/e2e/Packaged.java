// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs what the build packaged, as a user would: through the launchers in bin. */
final class Packaged {
  /** Seconds. A JVM on a loaded machine takes its time; a hang still fails. */
  private static final int PATIENCE = 120;

  /** Small and quick to start; none of the tests measures speed. */
  private static final String JVM = "-Xmx192m -XX:TieredStopAtLevel=1";

  private Packaged() {}

  /** What a run gave: standard output and error together. */
  record Run(int exit, String output) {}

  static Path root() {
    String given = System.getProperty("sgcsign.root");
    Path root = (given == null ? Path.of("..") : Path.of(given)).toAbsolutePath().normalize();
    if (!Files.isExecutable(root.resolve("bin/sgcsign-server"))) {
      throw new IllegalStateException(root + " is not the repository");
    }
    return root;
  }

  static List<String> server(String... arguments) {
    return command("bin/sgcsign-server", arguments);
  }

  static List<String> client(String... arguments) {
    return command("bin/sgcsign", arguments);
  }

  private static List<String> command(String launcher, String... arguments) {
    var command = new ArrayList<String>();
    command.add(root().resolve(launcher).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** A process that sees only these variables and what finds programs and the JDK. */
  static ProcessBuilder process(
      List<String> command, Map<String, String> environment, Path folder) {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    Map<String, String> seen = builder.environment();
    String path = Optional.ofNullable(seen.get("PATH")).orElse("/usr/bin:/bin");
    seen.clear();
    seen.put("PATH", path);
    seen.put("HOME", folder.toString());
    seen.put("JAVA_HOME", System.getProperty("java.home"));
    seen.put("SGCSIGN_JAVA_OPTS", JVM);
    seen.putAll(environment);
    return builder;
  }

  /** Runs to the end. */
  static Run run(List<String> command, Map<String, String> environment, Path folder) {
    try {
      Process process = process(command, environment, folder).start();
      process.getOutputStream().close();
      var guard =
          Thread.ofVirtual()
              .start(() -> {
                if (!ended(process)) {
                  process.destroyForcibly();
                }
              });
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      guard.join();
      return new Run(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean ended(Process process) {
    try {
      return process.waitFor(PATIENCE, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
