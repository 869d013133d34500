// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.TimestampReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged files: a report or an {@link ArtifactException}, never anything else. */
final class HostileFilesTest {
  private static final long SEED = 3900;
  private final Samples samples = new Samples(Instant.parse("2026-11-21T12:00:00Z"));
  private final Bytes file =
      samples.stamped(
          PeBuilder.x64().build(), Map.of("hash", "sha1,sha256", "page_hashes", "true"));

  @Test
  void survivesDamageOfEveryKind() {
    VerificationReport original = samples.verify(file);
    assertThat(original.valid()).isTrue();
    List<String> said = says(original);
    var random = new Random(SEED);
    for (int i = 0; i < 1500; i++) {
      Bytes damaged = damaged(random);
      try {
        VerificationReport report = samples.verify(damaged);
        // versions of CMS and the case of issuers' names may change: nobody signs them
        assertThat(report.valid() && !says(report).equals(said)).isFalse();
      } catch (ArtifactException e) {
        assertThat(e.code()).startsWith("SGC-ARTIFACT-");
      }
    }
  }

  private static List<String> says(VerificationReport report) {
    return report.signatures().stream()
        .map(s -> s.thumbprint() + " " + s.timestamp().map(TimestampReport::time))
        .toList();
  }

  private Bytes damaged(Random random) {
    byte[] out = file.toArray();
    int at = random.nextInt(out.length);
    int length = 1 + random.nextInt(16);
    return switch (random.nextInt(4)) {
      case 0 -> Bytes.of(out, 0, at);
      case 1 -> Bytes.concat(file, Bytes.wrap(new byte[length]));
      case 2 -> {
        Bytes rest = file.slice(Math.min(out.length, at + length), out.length);
        yield Bytes.concat(file.slice(0, at), rest);
      }
      default -> {
        for (int i = at; i < Math.min(out.length, at + length); i++) {
          out[i] = (byte) random.nextInt();
        }
        yield Bytes.wrap(out);
      }
    };
  }
}
