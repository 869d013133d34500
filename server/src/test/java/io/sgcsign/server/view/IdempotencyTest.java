// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import static io.sgcsign.server.ledger.LedgerFixture.completed;
import static io.sgcsign.server.ledger.LedgerFixture.digest;
import static io.sgcsign.server.ledger.LedgerFixture.intended;
import static io.sgcsign.server.ledger.LedgerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import io.sgcsign.server.ledger.Answer;
import io.sgcsign.server.ledger.Appended;
import io.sgcsign.server.ledger.Entry;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.ledger.LedgerAudit;
import io.sgcsign.server.ledger.LedgerFixture;
import io.sgcsign.server.ledger.event.IdempotencyClaim;
import io.sgcsign.server.ledger.event.SignatureDiscarded;
import io.sgcsign.server.ledger.event.SignatureEnd;
import io.sgcsign.server.ledger.event.SignatureFailed;
import io.sgcsign.server.ledger.event.SignatureIntended;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdempotencyTest {
  private static final IdempotencyClaim CLAIM =
      IdempotencyClaim.of("key_1", "run-7", digest("request"));
  private static final Bytes BLOCK = Bytes.utf8("block");

  @TempDir Path folder;
  private LedgerFixture fixture;
  private Ledger ledger;

  @BeforeEach
  void begin() {
    fixture = new LedgerFixture(folder);
    ledger = fixture.start("boot-1");
  }

  @AfterEach
  void end() {
    ledger.close();
  }

  private Appended<Idempotency.Refusal> claim(String request, IdempotencyClaim claim) {
    return ledger.append(
        Idempotency.claim(List.of(submitted(request), intended(request, Optional.of(claim)))));
  }

  private long taken(String request) {
    if (claim(request, CLAIM) instanceof Appended.Committed<?> committed) {
      return committed.seqs().getLast();
    }
    throw new AssertionError("refused");
  }

  private static Appended<Idempotency.Refusal> refused(Idempotency.Refusal refusal) {
    return new Appended.Refused<>(refusal);
  }

  private long end(String request, SignatureEnd end) {
    return ledger.append(List.of(Entry.of(end, "key_1").inRequest(request))).first();
  }

  private Optional<Long> replaced(long intent) {
    return ledger.event(intent).orElseThrow().event() instanceof SignatureIntended intended
        ? intended.replaces()
        : Optional.empty();
  }

  @Test
  void holdsTheKeyWhileTheFirstRequestRuns() {
    long intent = taken("r1");
    long size = ledger.size();
    assertThat(claim("r2", CLAIM)).isEqualTo(refused(new Idempotency.InProgress(intent)));
    assertThat(ledger.size()).as("nothing of a refused request is written").isEqualTo(size);
  }

  @Test
  void refusesTheKeyForAnotherRequest() {
    long intent = taken("r1");
    var other = IdempotencyClaim.of("key_1", "run-7", digest("another request"));
    assertThat(claim("r2", other)).isEqualTo(refused(new Idempotency.OtherRequest(intent)));
    end("r1", completedEvent(intent));
    assertThat(claim("r3", other)).isEqualTo(refused(new Idempotency.OtherRequest(intent)));
  }

  private static SignatureEnd completedEvent(long intent) {
    return (SignatureEnd) completed("r1", intent, BLOCK).event();
  }

  @Test
  void keepsTheKeysOfPrincipalsApart() {
    taken("r1");
    var theirs = IdempotencyClaim.of("key_2", "run-7", digest("request"));
    assertThat(claim("r2", theirs)).isInstanceOf(Appended.Committed.class);
  }

  @Test
  void givesTheFirstAnswerToARepeatedRequest() {
    long intent = taken("r1");
    var answer = new Answer(intent, Json.object().put("stamped", true).build(), BLOCK);
    long done = ledger.append(List.of(completed("r1", intent, BLOCK).answering(answer))).first();
    assertThat(claim("r1", CLAIM)).isEqualTo(refused(new Idempotency.Done(intent, done)));
    assertThat(ledger.answer(intent)).contains(answer);
  }

  @Test
  void freesTheKeyOfAnIntentThatFailedAndNamesIt() {
    long first = taken("r1");
    end("r1", new SignatureFailed(List.of(first), "SGC-PROVIDER-UNAVAILABLE", Optional.empty()));
    long second = taken("r1");
    assertThat(replaced(first)).isEmpty();
    assertThat(replaced(second)).contains(first);
    end("r1", new SignatureDiscarded(List.of(second), "SGC-TSA-UNAVAILABLE", Optional.empty()));
    assertThat(replaced(taken("r1"))).contains(second);
  }

  @Test
  void freesTheKeyOfAnIntentWhoseEndNobodyKnows() {
    long first = taken("r1");
    ledger.close();
    ledger = fixture.start("boot-2");
    assertThat(replaced(taken("r1"))).contains(first);
  }

  @Test
  void forgetsAKeyAfterADayButNeverAnOpenOne() {
    long intent = taken("r1");
    fixture.pass(Duration.ofDays(3));
    assertThat(claim("r2", CLAIM)).isEqualTo(refused(new Idempotency.InProgress(intent)));
    long done = end("r1", completedEvent(intent));
    fixture.pass(Duration.ofHours(24).minusNanos(1000));
    assertThat(claim("r2", CLAIM)).isEqualTo(refused(new Idempotency.Done(intent, done)));
    fixture.pass(Duration.ofNanos(1000));
    assertThat(replaced(taken("r2"))).isEmpty();
  }

  @Test
  void signsOnceForManyRequestsThatArriveAtOnce() {
    var decisions =
        IntStream.range(0, 40)
            .mapToObj(i -> intended("r" + i, Optional.of(CLAIM)))
            .map(entry -> Idempotency.claim(List.of(entry)))
            .toList();
    var outcomes = ledger.appendAll(decisions);
    assertThat(outcomes).filteredOn(o -> o instanceof Appended.Committed).hasSize(1);
    assertThat(outcomes).filteredOn(o -> o instanceof Appended.Refused).hasSize(39);
  }

  @Test
  void rebuildsToTheSameClaimsAfterSomeWereForgotten() {
    for (int i = 0; i < 20; i++) {
      var claim = IdempotencyClaim.of("key_1", "run-" + i, digest("request"));
      claim("r" + i, claim);
      long intent = ledger.size() - 1;
      if (i % 3 != 0) {
        end("r" + i, completedEvent(intent));
      }
      fixture.pass(Duration.ofHours(5));
    }
    ledger.close();
    var audit = new LedgerAudit(fixture.storage(), Views.all());
    assertThat(audit.verify().fault()).isEmpty();
    assertThat(audit.rebuild()).allMatch(LedgerAudit.Rebuilt::identical);
    ledger = fixture.start("boot-2");
  }
}
