// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import static io.sgcsign.server.ledger.LedgerFixture.intended;
import static io.sgcsign.server.ledger.LedgerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.server.ledger.event.SignatureFailed;
import io.sgcsign.server.view.OpenIntentsView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LedgerFailureTest {
  @TempDir Path folder;
  private LedgerFixture fixture;
  private FaultyStorage faulty;

  @BeforeEach
  void begin() {
    fixture = new LedgerFixture(folder);
    faulty = new FaultyStorage(fixture.storage());
  }

  /** Waits for the writer thread; the test's timeout ends it. */
  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static int open(Ledger ledger) {
    return ledger.read(rows -> OpenIntentsView.count(rows, 9));
  }

  @Test
  void acknowledgesNothingOnceTheDatabaseFileIsRemoved() throws IOException {
    try (var ledger = fixture.start("boot-1")) {
      ledger.append(List.of(submitted("r1")));
      Files.delete(fixture.database());
      assertThatThrownBy(() -> ledger.append(List.of(submitted("r2"))))
          .isInstanceOf(LedgerUnavailableException.class)
          .hasMessageContaining("was removed under the running server");
      assertThat(ledger.readiness().trouble().orElseThrow()).contains("was removed");
    }
  }

  @Test
  void doesNotMakeANewDatabaseInPlaceOfALostOne() throws IOException {
    fixture.start("boot-1").close();
    Files.delete(fixture.database());
    assertThatThrownBy(() -> fixture.start("boot-2"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("There is no database");
    assertThat(fixture.database()).doesNotExist();
  }

  @Test
  void acknowledgesNothingOnceTheDatabaseFileIsReplaced() throws IOException {
    try (var ledger = fixture.start("boot-1")) {
      ledger.append(List.of(submitted("r1")));
      var aside = fixture.database().resolveSibling("aside");
      Files.move(fixture.database(), aside);
      Files.copy(aside, fixture.database());
      assertThatThrownBy(() -> ledger.append(List.of(submitted("r2"))))
          .isInstanceOf(LedgerUnavailableException.class)
          .hasMessageContaining("was replaced under the running server");
      assertThat(ledger.readiness().ready()).isFalse();
    }
  }

  @Test
  void acknowledgesNothingOnceTheWriteAheadLogIsRemoved() throws IOException {
    try (var ledger = fixture.start("boot-1")) {
      ledger.append(List.of(submitted("r1")));
      Files.delete(fixture.database().resolveSibling("ledger.db-wal"));
      assertThatThrownBy(() -> ledger.append(List.of(submitted("r2"))))
          .isInstanceOf(LedgerUnavailableException.class)
          .hasMessageContaining("wal was removed");
    }
  }

  @Test
  void goesOnWhenTheDatabaseFileComesBack() throws IOException {
    try (var ledger = fixture.start("boot-1")) {
      var aside = fixture.database().resolveSibling("aside");
      Files.move(fixture.database(), aside);
      assertThatThrownBy(() -> ledger.append(List.of(submitted("r1"))))
          .isInstanceOf(LedgerUnavailableException.class);
      Files.move(aside, fixture.database());
      until(() -> ledger.readiness().ready());
      long seq = ledger.append(List.of(submitted("r2"))).first();
      assertThat(ledger.event(seq).orElseThrow().request()).contains("r2");
    }
  }

  @Test
  void refusesToStartOnAnOlderCopyOfTheDatabase() throws IOException {
    fixture.start("boot-1").close();
    var copy = folder.resolve("copy");
    Files.copy(fixture.database(), copy);
    fixture.start("boot-2").close();
    Files.delete(fixture.database());
    Files.copy(copy, fixture.database());
    assertThatThrownBy(() -> fixture.start("boot-3"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("went back");
  }

  @Test
  void refusesToStartWithoutTheKeysOfTheLog() throws IOException {
    fixture.start("boot-1").close();
    var key = fixture.database().resolveSibling("log-key.pem");
    var aside = folder.resolve("key");
    Files.move(key, aside);
    assertThatThrownBy(() -> fixture.start("boot-2"))
        .hasMessageContaining("log-key.pem is missing");
    new LedgerFixture(folder.resolve("other")).start("boot-1").close();
    Files.copy(folder.resolve("other/data/log-key.pem"), key);
    assertThatThrownBy(() -> fixture.start("boot-2")).hasMessageContaining("not the keys of this");
    Files.delete(key);
    Files.move(aside, key);
    fixture.start("boot-2").close();
  }

  @Test
  void refusesToSignAnotherHistoryThanTheLastCheckpoints() throws IOException {
    fixture.start("boot-1").close();
    var file = fixture.database().resolveSibling("last-checkpoint");
    var note = Files.readString(file);
    var other = note.replaceFirst("\n[0-9]+\n", "\n1\n");
    Files.writeString(file, other);
    assertThatThrownBy(() -> fixture.start("boot-2")).hasMessageContaining("not valid");
    Files.writeString(file, note);
    fixture.start("boot-2").close();
  }

  @Test
  void stopsBeforeTheDiskIsFullAndGoesOnWhenThereIsSpaceAgain() {
    var settings =
        new LedgerSettings(
            "n1", "boot-1", "0.1.0", "sign.example/log/1", Duration.ofSeconds(20), 64 << 20);
    try (var ledger = fixture.start(settings, faulty)) {
      faulty.space.set(63 << 20);
      assertThatThrownBy(() -> ledger.append(List.of(submitted("r1"))))
          .isInstanceOf(LedgerUnavailableException.class)
          .hasMessageContaining("Only 63 MiB of disk space are left");
      assertThat(ledger.readiness().ready()).isFalse();
      assertThat(open(ledger)).isZero();
      faulty.space.set(65 << 20);
      until(() -> ledger.readiness().ready());
      ledger.append(List.of(submitted("r2")));
    }
  }

  @Test
  void failsEveryWaitingCallerWhenACommitFailsAndLosesNoAcknowledgedEvent() throws Exception {
    try (var ledger = fixture.start("boot-1", faulty);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long kept = ledger.append(List.of(submitted("r0"))).first();
      faulty.commitFault.set("disk I/O error");
      var callers =
          IntStream.range(0, 16)
              .mapToObj(i -> threads.submit(() -> ledger.append(List.of(submitted("r" + i)))))
              .toList();
      for (var caller : callers) {
        assertThatThrownBy(caller::get)
            .cause()
            .isInstanceOf(LedgerUnavailableException.class)
            .hasMessageContaining("disk I/O error");
      }
      faulty.commitFault.set(null);
      until(() -> ledger.readiness().ready());
      assertThat(ledger.append(List.of(submitted("r17"))).first()).isEqualTo(kept + 1);
    }
  }

  @Test
  void closesAnIntentWhoseCallerHadStoppedWaiting() {
    var settings = LedgerFixture.settings("boot-1", Duration.ofMillis(200));
    try (var ledger = fixture.start(settings, faulty)) {
      long before = ledger.size();
      var gate = new CountDownLatch(1);
      faulty.gate.set(gate);
      assertThatThrownBy(() -> ledger.append(List.of(submitted("r1"), intended("r1"))))
          .isInstanceOf(LedgerUnavailableException.class)
          .hasMessageContaining("did not answer within 200 ms");
      faulty.gate.set(null);
      gate.countDown();
      until(() -> ledger.size() == before + 3);
      var closing = ledger.event(before + 2).orElseThrow();
      assertThat(closing.event()).isInstanceOf(SignatureFailed.class);
      assertThat(((SignatureFailed) closing.event()).intents()).containsExactly(before + 1);
      assertThat(closing.request()).contains("r1");
      assertThat(open(ledger)).isZero();
    }
  }

  @Test
  void recordsLaterWhatCouldNotBeRecorded() {
    try (var ledger = fixture.start("boot-1", faulty)) {
      faulty.commitFault.set("database or disk is full");
      assertThatThrownBy(() -> ledger.append(List.of(submitted("r1"))))
          .isInstanceOf(LedgerUnavailableException.class);
      long before = ledger.size();
      assertThat(ledger.appendLater(List.of(submitted("late")))).isTrue();
      assertThat(ledger.size()).isEqualTo(before);
      faulty.commitFault.set(null);
      until(() -> ledger.size() == before + 1);
      assertThat(ledger.event(before).orElseThrow().request()).contains("late");
    }
  }

  @Test
  void letsNobodyWaitForAWriterThatAnErrorEnded() {
    var handler = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, _) -> {});
    try (var ledger = fixture.start("boot-1")) {
      Decision<String> fatal =
          (_, _) -> {
            throw new StackOverflowError("deep");
          };
      assertThatThrownBy(() -> ledger.append(fatal))
          .isInstanceOf(LedgerUnavailableException.class)
          .hasMessageContaining("closed");
      assertThat(ledger.readiness().ready()).isFalse();
      assertThatThrownBy(() -> ledger.append(List.of(submitted("r1"))))
          .isInstanceOf(LedgerUnavailableException.class);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(handler);
    }
    fixture.start("boot-2").close();
  }

  @Test
  void takesNothingAfterItIsClosed() {
    var ledger = fixture.start("boot-1");
    ledger.close();
    assertThatThrownBy(() -> ledger.append(List.of(submitted("r1"))))
        .isInstanceOf(LedgerUnavailableException.class);
  }
}
