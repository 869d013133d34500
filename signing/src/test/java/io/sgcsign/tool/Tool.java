// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.tool;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this machine. A test that needs one that is missing is skipped, visibly. */
public final class Tool {
  /** Seconds. Generous for a loaded machine; a hang still fails the test. */
  private static final int PATIENCE = 60;

  private final String name;

  private Tool(String name) {
    this.name = name;
  }

  public static Tool require(String name) {
    boolean found =
        Arrays.stream(System.getenv("PATH").split(":", -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    assumeTrue(found, name + " is not installed: this check did not run");
    return new Tool(name);
  }

  /** What a run gave: standard output and error together. */
  public record Result(int exit, String output) {
    public boolean ok() {
      return exit == 0;
    }
  }

  public Result run(Object... arguments) {
    List<String> command = new ArrayList<>(List.of(name));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(name + " hangs: " + output);
      }
      return new Result(process.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs and insists on exit code 0. */
  public String succeed(Object... arguments) {
    Result result = run(arguments);
    if (!result.ok()) {
      throw new AssertionError(name + " " + Arrays.toString(arguments) + ": " + result.output());
    }
    return result.output();
  }
}
