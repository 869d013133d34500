// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.tool.FuzzTarget.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Runs Jazzer on a target in a process of its own. What it learns stays in {@code target/fuzz}, so
 * the next run goes on from there.
 */
final class Fuzzer {
  /** Seconds for each target. */
  private static final String SECONDS = System.getProperty("sgcsign.fuzz.seconds", "60");

  /** Bytes of an input: signed files with page hashes and time stamps fit. */
  private static final int MAX_INPUT = 32 * 1024;

  /** Seconds for one input, instrumented and on a loaded machine. */
  private static final int PATIENCE = 25;

  /** Points of our code reached; with fewer it was not instrumented, and the run means nothing. */
  private static final int LEAST_COVERAGE = 50;

  private static final Pattern DONE = Pattern.compile("#(\\d+)\\s+DONE\\s+cov: (\\d+)");

  private Fuzzer() {}

  static void run(Class<?> target, List<Seed> corpus) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "fuzz", target.getSimpleName()));
    Path learnt = Files.createDirectories(folder.resolve("learnt"));
    Path seeds = Files.createDirectories(folder.resolve("seeds"));
    for (int i = 0; i < corpus.size(); i++) {
      Files.write(seeds.resolve(Integer.toString(i)), corpus.get(i).input().toArray());
    }
    Path log = folder.resolve("log");
    var process =
        new ProcessBuilder(command(target, folder, learnt, seeds))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int exit = waitFor(process);
    String said = Files.readString(log);
    assertThat(exit).as("Jazzer on %s, see %s:\n%s", target, log, tail(said)).isZero();
    MatchResult done = DONE.matcher(said).results().reduce((a, b) -> b).orElseThrow();
    assertThat(Integer.parseInt(done.group(2))).isGreaterThan(LEAST_COVERAGE);
    System.out.printf(
        "fuzz: %s read %s inputs in %s s, reached %s points, found nothing%n",
        target.getSimpleName(), done.group(1), SECONDS, done.group(2));
  }

  private static List<String> command(Class<?> target, Path folder, Path learnt, Path seeds) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-Xmx768m",
        "-XX:+UseSerialGC",
        "-cp",
        System.getProperty("java.class.path"),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + target.getName(),
        "--instrumentation_includes=io.sgcsign.**",
        "--reproducer_path=" + folder,
        "-artifact_prefix=" + folder + "/",
        "-max_total_time=" + SECONDS,
        "-timeout=" + PATIENCE,
        "-max_len=" + MAX_INPUT,
        "-print_final_stats=1",
        learnt.toString(),
        seeds.toString());
  }

  private static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String tail(String said) {
    return said.substring(Math.max(0, said.length() - 6000));
  }
}
