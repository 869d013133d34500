// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import static io.sgcsign.server.ledger.LedgerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sgcsign.server.view.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real file system of 3 MiB; needs the right to mount one. */
@Timeout(120)
class FullDiskTest {
  @TempDir Path folder;
  private Path disk;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk.toString()),
        "SKIPPED: only root can mount a small file system to fill it");
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (disk != null) {
      run("umount", "-l", disk.toString());
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("Cannot run program");
      return false;
    }
  }

  @Test
  void keepsEveryAcknowledgedEventOnAFullDiskAndGoesOnWhenThereIsSpace() throws IOException {
    var ballast = disk.resolve("ballast");
    Files.write(ballast, new byte[1 << 20]);
    var fixture = new LedgerFixture(disk);
    var acknowledged = new ArrayList<Long>();
    try (var ledger = fixture.start("boot-1")) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  acknowledged.add(ledger.append(List.of(submitted("r"))).first());
                }
              })
          .isInstanceOf(LedgerUnavailableException.class)
          .hasMessageContaining("full");
      assertThat(acknowledged).hasSizeGreaterThan(50);
      assertThat(ledger.readiness().ready()).isFalse();
      assertThat(ledger.event(acknowledged.getLast())).isPresent();
      Files.delete(ballast);
      while (!ledger.readiness().ready()) {
        LockSupport.parkNanos(1_000_000);
      }
      acknowledged.add(ledger.append(List.of(submitted("again"))).first());
      for (long seq : acknowledged) {
        assertThat(ledger.event(seq)).isPresent();
      }
    }
    var report = new LedgerAudit(fixture.storage(), Views.all()).verify();
    assertThat(report.fault()).isEmpty();
    assertThat(report.events()).isGreaterThan(acknowledged.getLast());
  }

  @Test
  void saysThatAReadOnlyFileSystemCannotBeWritten() throws IOException, InterruptedException {
    var fixture = new LedgerFixture(disk);
    fixture.start("boot-1").close();
    assumeTrue(
        run("mount", "-o", "remount,ro", disk.toString()),
        "SKIPPED: the file system cannot be made read-only here");
    assertThatThrownBy(() -> fixture.start("boot-2"))
        .isInstanceOf(StoreException.class)
        .hasMessageMatching("(?is).*read-?only.*");
  }
}
