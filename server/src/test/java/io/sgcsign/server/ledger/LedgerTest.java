// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import static io.sgcsign.server.ledger.LedgerFixture.completed;
import static io.sgcsign.server.ledger.LedgerFixture.intended;
import static io.sgcsign.server.ledger.LedgerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Checkpoint;
import io.sgcsign.log.Receipt;
import io.sgcsign.server.ledger.event.NodeStarted;
import io.sgcsign.server.ledger.event.SignatureIntended;
import io.sgcsign.server.ledger.event.UserCreated;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  @TempDir Path folder;
  private LedgerFixture fixture;

  @BeforeEach
  void begin() {
    fixture = new LedgerFixture(folder);
  }

  @Test
  void beginsWithItsOwnCreationAndTheNodesStart() {
    try (var ledger = fixture.start("boot-1")) {
      assertThat(ledger.event(0).orElseThrow().event().type()).isEqualTo("log.created");
      assertThat(ledger.event(1).orElseThrow().event())
          .isEqualTo(new NodeStarted("boot-1", "0.1.0"));
      assertThat(ledger.size()).isEqualTo(2);
      assertThat(ledger.event(2)).isEmpty();
    }
  }

  @Test
  void returnsEventsAsTheyWereAppendedEvenAfterARestart() {
    var entry = submitted("r1");
    long seq;
    try (var ledger = fixture.start("boot-1")) {
      seq = ledger.append(List.of(entry)).first();
    }
    try (var ledger = fixture.start("boot-2")) {
      var recorded = ledger.event(seq).orElseThrow();
      assertThat(recorded.event()).isEqualTo(entry.event());
      assertThat(recorded.by()).isEqualTo("key_1");
      assertThat(recorded.request()).contains("r1");
      assertThat(recorded.node()).isEqualTo("n1");
      assertThat(recorded.time()).isEqualTo(LedgerFixture.START);
    }
  }

  @Test
  void keepsTimeFromRunningBackwards() {
    try (var ledger = fixture.start("boot-1")) {
      fixture.pass(Duration.ofHours(-1));
      long seq = ledger.append(List.of(submitted("r1"))).first();
      assertThat(ledger.event(seq).orElseThrow().time()).isEqualTo(LedgerFixture.START);
    }
  }

  @Test
  void provesEveryEventOffline() {
    try (var ledger = fixture.start("boot-1")) {
      var seqs = new ArrayList<Long>();
      for (int i = 0; i < 300; i++) {
        seqs.addAll(ledger.append(List.of(submitted("r" + i))).seqs());
      }
      for (long seq : seqs) {
        var file = ledger.receipt(seq).orElseThrow().toBytes();
        var proven = Receipt.parse(file).verify(ledger.verifierKeys());
        assertThat(proven.leaf().seq()).isEqualTo(seq);
        assertThat(proven.leaf().type()).isEqualTo("request.submitted");
        assertThat(proven.checkpoint().origin()).isEqualTo("sign.example/log/1");
      }
      assertThat(ledger.receipt(ledger.size())).isEmpty();
      assertThat(ledger.receipt(-1)).isEmpty();
    }
  }

  @Test
  void keepsItsNameAndKeysWhenTheHostIsRenamed() {
    List<?> keys;
    try (var ledger = fixture.start("boot-1")) {
      keys = ledger.verifierKeys();
    }
    var renamed =
        new LedgerSettings(
            "n1", "boot-2", "0.1.0", "other.example/log/1", Duration.ofSeconds(9), 0);
    try (var ledger = fixture.start(renamed, fixture.storage())) {
      assertThat(ledger.verifierKeys()).isEqualTo(keys);
      var checkpoint = Checkpoint.open(ledger.checkpoint(), ledger.verifierKeys());
      assertThat(checkpoint.origin()).isEqualTo("sign.example/log/1");
    }
  }

  @Test
  void losesNothingThatSixtyFourCallersWereToldIsDurable() throws Exception {
    int callers = 64;
    int each = 25;
    var acknowledged = new ArrayList<Long>();
    try (var ledger = fixture.start("boot-1");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<List<Long>>>();
      for (int i = 0; i < callers; i++) {
        String name = "caller" + i;
        Callable<List<Long>> caller = () -> appendMany(ledger, name, each);
        running.add(threads.submit(caller));
      }
      collect(running, acknowledged);
    }
    try (var ledger = fixture.start("boot-2")) {
      assertThat(acknowledged).hasSize(callers * each).doesNotHaveDuplicates();
      for (long seq : acknowledged) {
        assertThat(ledger.event(seq).orElseThrow().event().type()).isEqualTo("request.submitted");
      }
      assertThat(new HashSet<>(acknowledged))
          .containsAll(LongStream.range(2, 2 + callers * each).boxed().toList());
    }
  }

  private static List<Long> appendMany(Ledger ledger, String name, int count) {
    var seqs = new ArrayList<Long>();
    for (int k = 0; k < count; k++) {
      seqs.add(ledger.append(List.of(submitted(name + "-" + k))).first());
    }
    return seqs;
  }

  private static void collect(List<Future<List<Long>>> running, List<Long> into)
      throws InterruptedException, ExecutionException {
    for (var future : running) {
      into.addAll(future.get());
    }
  }

  @Test
  void refusesInsideTheTransactionWhatAnEarlierCallerOfTheSameBatchTook() {
    try (var ledger = fixture.start("boot-1")) {
      Condition<String> nameIsFree =
          (rows, _) ->
              io.sgcsign.server.view.UsersView.named(rows, "admin").map(u -> "taken by " + u.id());
      var decisions =
          LongStream.range(0, 50)
              .mapToObj(i -> Entry.of(new UserCreated("user_" + i, "admin", "admin"), "n1"))
              .map(entry -> nameIsFree.then(List.of(entry)))
              .toList();
      long before = ledger.size();
      var outcomes = ledger.appendAll(decisions);
      assertThat(outcomes.getFirst()).isInstanceOf(Appended.Committed.class);
      assertThat(outcomes.subList(1, 50))
          .allMatch(o -> o.equals(new Appended.Refused<>("taken by user_0")));
      assertThat(ledger.size()).isEqualTo(before + 1);
    }
  }

  @Test
  void leavesOutOnlyTheCallerWhoseDecisionFails() {
    try (var ledger = fixture.start("boot-1")) {
      Decision<String> broken =
          (_, _) -> {
            throw new IllegalStateException("a bug");
          };
      assertThatThrownBy(() -> ledger.append(broken)).hasMessage("a bug");
      var huge = Entry.of(new UserCreated("u", "n", "x".repeat(70_000)), "n1");
      assertThatThrownBy(() -> ledger.append(List.of(huge)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a leaf has at most 65535");
      assertThat(ledger.readiness().ready()).isTrue();
      assertThat(ledger.append(List.of(submitted("r1"))).first()).isEqualTo(2);
    }
  }

  @Test
  void keepsSecretsBesideTheLogAndFindsThemByValue() {
    var hash = Bytes.utf8("hmac of a key");
    try (var ledger = fixture.start("boot-1")) {
      var entry = Entry.of(new UserCreated("u1", "ada", "admin"), "n1");
      long seq = ledger.append(List.of(entry.storing("apikey/key_1", hash))).first();
      assertThat(ledger.secrets().nameOf(hash)).contains("apikey/key_1");
      assertThat(ledger.secrets().get("apikey/key_1")).contains(hash);
      var leaf = ledger.receipt(seq).orElseThrow().leaf().toUtf8();
      assertThat(leaf).contains("apikey/key_1").doesNotContain(hash.toHex());
      ledger.append(List.of(entry.removing("apikey/key_1")));
      assertThat(ledger.secrets().nameOf(hash)).isEmpty();
    }
  }

  @Test
  void keepsAnAnswerForADay() {
    var block = Bytes.utf8("block");
    try (var ledger = fixture.start("boot-1")) {
      long intent = ledger.append(List.of(submitted("r1"), intended("r1"))).seqs().getLast();
      var info = io.sgcsign.log.Json.object().put("duration_ms", 12).build();
      var answer = new Answer(intent, info, block);
      ledger.append(List.of(completed("r1", intent, block).answering(answer)));
      assertThat(ledger.answer(intent)).contains(answer);
      fixture.pass(Duration.ofHours(24));
      assertThat(ledger.answer(intent)).isEmpty();
    }
  }

  @Test
  void closesWhatAnEarlierRunLeftOpen() {
    long open;
    try (var ledger = fixture.start("boot-1")) {
      open = ledger.append(List.of(submitted("r1"), intended("r1"))).seqs().getLast();
    }
    try (var ledger = fixture.start("boot-2")) {
      long last = ledger.size() - 1;
      assertThat(ledger.event(last).orElseThrow().event())
          .isEqualTo(new io.sgcsign.server.ledger.event.NodeRecovered("boot-2", 1));
      var closed = ledger.event(last - 1).orElseThrow();
      assertThat(closed.event())
          .isEqualTo(new io.sgcsign.server.ledger.event.SignatureIndeterminate(open));
      assertThat(closed.request()).contains("r1");
    }
    try (var ledger = fixture.start("boot-3")) {
      assertThat(ledger.event(ledger.size() - 1).orElseThrow().event())
          .isEqualTo(new NodeStarted("boot-3", "0.1.0"));
    }
  }

  @Test
  void leavesTheOpenIntentsOfOtherNodesAlone() {
    try (var ledger = fixture.start("boot-1")) {
      ledger.append(List.of(submitted("r1"), intended("r1")));
    }
    var other =
        new LedgerSettings("n2", "boot-9", "0.1.0", "ignored/log", Duration.ofSeconds(9), 0);
    try (var ledger = fixture.start(other, fixture.storage())) {
      assertThat(ledger.event(ledger.size() - 1).orElseThrow().event())
          .isEqualTo(new NodeStarted("boot-9", "0.1.0"));
    }
  }

  @Test
  void readsTheIntentItRecorded() {
    try (var ledger = fixture.start("boot-1")) {
      var entry = intended("r1", Optional.empty());
      long seq = ledger.append(List.of(entry)).first();
      assertThat(ledger.event(seq).orElseThrow().event()).isInstanceOf(SignatureIntended.class);
      assertThat(ledger.event(seq).orElseThrow().event()).isEqualTo(entry.event());
    }
  }

  @Test
  void makesItsFilesForItsOwnerOnly() throws Exception {
    fixture.start("boot-1").close();
    try (var files = Files.list(fixture.database().getParent())) {
      for (var file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo("rw-------");
      }
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(fixture.database().getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void letsOneServerAtATimeWrite() {
    try (var _ = fixture.start("boot-1")) {
      assertThatThrownBy(() -> fixture.start("boot-2"))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("Another server");
    }
    fixture.start("boot-3").close();
  }
}
