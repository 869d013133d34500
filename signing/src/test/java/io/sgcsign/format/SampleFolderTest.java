// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Signed files of others in the folder that {@code SGCSIGN_SAMPLES} names, each with a file {@code
 * NAME.subject} beside it that holds a part of the signer's name. They must be sound; whom to trust
 * is not asked.
 */
final class SampleFolderTest {
  private static final String EXPECTATION = ".subject";

  @TestFactory
  Stream<DynamicTest> samplesAreSoundAndByWhomTheyShouldBe() throws IOException {
    String folder = System.getenv("SGCSIGN_SAMPLES");
    if (folder == null) {
      return Stream.of(
          DynamicTest.dynamicTest(
              "no folder", () -> assumeTrue(false, "SGCSIGN_SAMPLES names no folder")));
    }
    List<Path> samples;
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      samples = files.filter(f -> Files.exists(expectation(f))).sorted().toList();
    }
    assertThat(samples).as("files with a NAME" + EXPECTATION + " in " + folder).isNotEmpty();
    return samples.stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
  }

  private static Path expectation(Path sample) {
    return sample.resolveSibling(sample.getFileName() + EXPECTATION);
  }

  private static void check(Path sample) throws IOException {
    String name = sample.getFileName().toString();
    try (Artifact artifact = Artifact.open(sample)) {
      SignatureFormat format =
          Formats.ALL.stream()
              .filter(f -> f.recognise(artifact, name).isPresent())
              .findFirst()
              .orElseThrow(() -> new AssertionError("No format knows " + name));
      VerificationReport report =
          format.verify(
              artifact,
              Options.named(format, artifact, name),
              VerificationPolicy.of(List.of(), Instant.now(), Set.of()));
      assertThat(report.status())
          .as("%s", report)
          .isIn(Status.VALID, Status.UNTRUSTED, Status.EXPIRED);
      assertThat(report.primary().orElseThrow().subject())
          .contains(Files.readString(expectation(sample)).strip());
    }
  }
}
