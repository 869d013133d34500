// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A reader of hostile bytes. Its corpus is read in every build, and the profile {@code fuzz} lets
 * Jazzer look for more. The implementing class is public and hands Jazzer's {@code public static
 * void fuzzerTestOneInput(byte[])} on to {@link #read}.
 */
public interface FuzzTarget {
  /** For one input of some KiB. The slowest takes 50 ms; a loaded machine is given much more. */
  Duration PATIENCE = Duration.ofSeconds(10);

  /** Bytes one input may make us allocate, whatever it claims, and so many times its own size. */
  long FIXED_ALLOCATION = 32L * 1024 * 1024;

  long ALLOCATION_PER_BYTE = 500;

  /**
   * What comes of this input, in a word: {@code valid}, or the code of the refusal. Throws nothing
   * else than errors: anything thrown is a finding, and so is a broken promise, asserted here.
   */
  String read(Bytes input);

  /** The code of a refusal, which must say what is wrong and what to do. */
  static String refusal(ArtifactException e) {
    assertThat(e.code()).startsWith("SGC-ARTIFACT-");
    assertThat(e.getMessage()).isNotBlank();
    assertThat(e.hint()).isNotBlank();
    return e.code();
  }

  /** Inputs made by code, and what must come of them. */
  List<Seed> seeds();

  /** An input and what {@link #read} answers. */
  record Seed(String name, String outcome, Bytes input) {}

  /**
   * The seeds and the files of {@code src/test/resources/fuzz/<class>}, which are past findings,
   * named {@code <outcome>.<what it is>}.
   */
  default List<Seed> corpus() throws IOException {
    var corpus = new ArrayList<>(seeds());
    Path found = Path.of("src/test/resources/fuzz", getClass().getSimpleName());
    if (Files.isDirectory(found)) {
      try (Stream<Path> files = Files.list(found)) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString();
          String outcome = name.substring(0, name.indexOf('.'));
          corpus.add(new Seed(name, outcome, Bytes.wrap(Files.readAllBytes(file))));
        }
      }
    }
    return corpus;
  }

  @TestFactory
  default Stream<DynamicTest> readsItsCorpusAsItShould() throws IOException {
    return corpus().stream().map(seed -> DynamicTest.dynamicTest(seed.name(), () -> check(seed)));
  }

  private void check(Seed seed) {
    long[] allocated = new long[1];
    String outcome =
        assertTimeoutPreemptively(
            PATIENCE,
            () -> {
              var _ = read(seed.input()); // what is loaded once is not this input's
              var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
              long before = thread.getCurrentThreadAllocatedBytes();
              String said = read(seed.input());
              allocated[0] = thread.getCurrentThreadAllocatedBytes() - before;
              return said;
            });
    assertThat(outcome).isEqualTo(seed.outcome());
    assertThat(allocated[0])
        .isPositive()
        .isLessThan(FIXED_ALLOCATION + ALLOCATION_PER_BYTE * seed.input().size());
  }

  @Test
  @Tag("fuzz")
  default void letsJazzerFindNothing() throws IOException {
    Fuzzer.run(getClass(), corpus());
  }
}
