// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that ran as a process of its own.
 *
 * @param wall seconds
 * @param cpu seconds, user and system, children included
 * @param peakMib MiB of memory at most; 0 if it ended too soon to be looked at
 */
record ChildRun(double wall, double cpu, double peakMib) {
  /** Milliseconds between two looks at the memory of a command: its peak is kept by the kernel. */
  private static final long LOOK = 5;

  /** Bash's own clock of a command and its children, to the millisecond. */
  private static final String TIMED = "TIMEFORMAT='%R %U %S'; { time \"$@\" 2>&3; } 3>\"$ERRORS\"";

  /** Runs a command to its end; fails unless its exit code is 0. */
  static ChildRun of(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    var words = new ArrayList<>(List.of("bash", "-c", TIMED, "bash"));
    words.addAll(command);
    var builder = new ProcessBuilder(words).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    builder.environment().put("ERRORS", errors.toString());
    builder.environment().put("LC_ALL", "C");
    Process bash = builder.start();
    double peak = watch(bash);
    String times = new String(bash.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (bash.exitValue() != 0) {
      throw new IOException(
          String.join(" ", command)
              + " failed with "
              + bash.exitValue()
              + ": "
              + Files.readString(errors));
    }
    Files.delete(errors);
    String[] parts = times.split(" ", -1);
    return new ChildRun(
        Double.parseDouble(parts[0]),
        Double.parseDouble(parts[1]) + Double.parseDouble(parts[2]),
        peak);
  }

  private static double watch(Process bash) throws IOException {
    double peak = 0;
    try {
      while (!bash.waitFor(LOOK, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, bash.descendants().mapToDouble(ChildRun::peak).max().orElse(0));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a command ran", e);
    }
    return peak;
  }

  private static double peak(ProcessHandle process) {
    try {
      return CpuClock.peakMib(process.pid());
    } catch (java.io.UncheckedIOException _) {
      return 0; // it ended between being listed and being looked at
    }
  }
}
