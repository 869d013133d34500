// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.cli.outcome.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two files that go to their places together. */
final class DeliveryTest {
  private static final String SUFFIX = ".idsig";

  @TempDir Path folder;
  private final TempFiles temps = new TempFiles(new Random(1));

  private Delivery written(Path target) throws IOException {
    Delivery delivery = Delivery.to(target, temps);
    delivery.file().write(out -> out.write('n'));
    delivery.beside(SUFFIX).write(out -> out.write('b'));
    return delivery;
  }

  private String[] names() throws IOException {
    try (var all = Files.list(folder)) {
      return all.map(p -> p.getFileName().toString()).sorted().toArray(String[]::new);
    }
  }

  @Test
  void publishesBoth() throws IOException {
    Path target = Files.writeString(folder.resolve("a.apk"), "old");
    try (Delivery delivery = written(target)) {
      assertThat(Files.readString(target)).isEqualTo("old");
      delivery.publish(target, Runnable::run);
    }
    assertThat(names()).containsExactly("a.apk", "a.apk.idsig");
    assertThat(Files.readString(target)).isEqualTo("n");
    assertThat(Files.readString(folder.resolve("a.apk.idsig"))).isEqualTo("b");
  }

  @Test
  void leavesNoTraceWithoutPublishing() throws IOException {
    try (Delivery delivery = written(folder.resolve("a.apk"))) {
      assertThat(delivery.besideTarget()).contains(folder.resolve("a.apk.idsig"));
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void changesNothingIfTheFileBesideCannotGoToItsPlace() throws IOException {
    Path target = Files.writeString(folder.resolve("a.apk"), "old");
    Files.createDirectories(folder.resolve("a.apk.idsig/full"));
    try (Delivery delivery = written(target)) {
      assertThatThrownBy(() -> delivery.publish(target, Runnable::run))
          .isInstanceOf(FailureException.class);
    }
    assertThat(Files.readString(target)).isEqualTo("old");
    assertThat(names()).containsExactly("a.apk", "a.apk.idsig");
  }

  @Test
  void takesTheFileBesideBackIfTheOtherCannotFollow() throws IOException {
    Path source = Files.writeString(folder.resolve("source.apk"), "old");
    Files.createDirectories(folder.resolve("a.apk/full"));
    try (Delivery delivery = written(folder.resolve("a.apk"))) {
      assertThatThrownBy(() -> delivery.publish(source, Runnable::run))
          .isInstanceOf(FailureException.class)
          .satisfies(e ->
              assertThat(((FailureException) e).failure().why())
                  .contains("a.apk.idsig is removed"));
    }
    assertThat(names()).containsExactly("a.apk", "source.apk");
  }
}
