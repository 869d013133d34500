// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import static io.sgcsign.server.ledger.LedgerFixture.completed;
import static io.sgcsign.server.ledger.LedgerFixture.digest;
import static io.sgcsign.server.ledger.LedgerFixture.intended;
import static io.sgcsign.server.ledger.LedgerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.ledger.Entry;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.ledger.LedgerFixture;
import io.sgcsign.server.ledger.event.BuildContext;
import io.sgcsign.server.ledger.event.RequestRejected;
import io.sgcsign.server.ledger.event.SignatureFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestsViewTest {
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

  private static BuildContext context(String repository, String branch, String team) {
    return new BuildContext(
        Optional.empty(),
        Optional.of(repository),
        Optional.empty(),
        Optional.of(branch),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new TreeMap<>(Map.of("team", team)));
  }

  private RequestRow find(String id) {
    return ledger.read(rows -> RequestsView.find(rows, id)).orElseThrow();
  }

  private List<String> list(RequestFilter filter, int limit) {
    var ids = new ArrayList<String>();
    Optional<String> cursor = Optional.empty();
    do {
      var from = cursor;
      var page = ledger.read(rows -> RequestsView.list(rows, filter, from, limit));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      page.items().forEach(row -> ids.add(row.id()));
      cursor = page.cursor();
    } while (cursor.isPresent());
    return ids;
  }

  @Test
  void followsARequestFromSubmissionToItsEnd() {
    long submission = ledger.append(List.of(submitted("r1"))).first();
    var row = find("r1");
    assertThat(row.status()).isEqualTo(RequestRow.Status.SUBMITTED);
    assertThat(row.seq()).isEqualTo(submission);
    assertThat(row.format()).contains("authenticode");
    assertThat(row.mode()).contains("upload");
    assertThat(row.fileName()).contains("r1.exe");
    assertThat(row.options()).containsEntry("description", "App");
    assertThat(row.by()).isEqualTo("key_1");
    assertThat(row.artifact()).contains(LedgerFixture.ARTIFACT);

    long intent = ledger.append(List.of(intended("r1"))).first();
    assertThat(find("r1").status()).isEqualTo(RequestRow.Status.SIGNING);
    fixture.pass(Duration.ofSeconds(2));
    long done = ledger.append(List.of(completed("r1", intent, Bytes.EMPTY))).first();
    row = find("r1");
    assertThat(row.status()).isEqualTo(RequestRow.Status.COMPLETED);
    assertThat(row.asks()).containsExactly(new RequestRow.Ask(intent, 0, Optional.of(done), true));
    assertThat(row.signed()).contains(digest("signed r1"));
    assertThat(row.finishedAt()).contains(LedgerFixture.START.plusSeconds(2));
  }

  @Test
  void staysSigningUntilItsLastAskEnded() {
    ledger.append(List.of(submitted("r1")));
    var intents =
        ledger
            .append(
                List.of(intended("r1", 0, Optional.empty()), intended("r1", 1, Optional.empty())))
            .seqs();
    ledger.append(List.of(completed("r1", intents.getFirst(), Bytes.EMPTY)));
    assertThat(find("r1").status()).isEqualTo(RequestRow.Status.SIGNING);
    var failed =
        new SignatureFailed(
            List.of(intents.getLast()), "SGC-PROVIDER-UNAVAILABLE", Optional.of("gone"));
    ledger.append(List.of(Entry.of(failed, "key_1").inRequest("r1")));
    assertThat(find("r1").status()).isEqualTo(RequestRow.Status.FAILED);
    assertThat(find("r1").code()).contains("SGC-PROVIDER-UNAVAILABLE");
    ledger.append(List.of(intended("r1", 1, Optional.empty())));
    assertThat(find("r1").status()).isEqualTo(RequestRow.Status.SIGNING);
    assertThat(find("r1").code()).isEmpty();
  }

  @Test
  void listsARequestThatWasRejectedAtOnce() {
    var rejected =
        new RequestRejected(
            "SGC-FORBIDDEN",
            Optional.of("authenticode"),
            Optional.empty(),
            Optional.of("not yours"),
            Optional.of("a.exe"),
            Optional.empty());
    ledger.append(List.of(Entry.of(rejected, "key_1").inRequest("r1")));
    assertThat(find("r1").status()).isEqualTo(RequestRow.Status.REJECTED);
    assertThat(find("r1").code()).contains("SGC-FORBIDDEN");
    assertThat(find("r1").artifact()).isEmpty();
    assertThat(list(RequestFilter.ALL, 10)).containsExactly("r1");
  }

  @Test
  void listsTheNewestFirstPageByPage() {
    for (int i = 0; i < 25; i++) {
      ledger.append(List.of(submitted("r" + i)));
    }
    assertThat(list(RequestFilter.ALL, 10)).hasSize(25).startsWith("r24", "r23").endsWith("r0");
    assertThat(list(RequestFilter.ALL, 25)).hasSize(25);
    assertThat(list(RequestFilter.ALL, 100)).hasSize(25);
  }

  @Test
  void findsRequestsByWhatTheySayOfTheirBuild() {
    ledger.append(List.of(submitted("r1", context("acme/app", "main", "core"))));
    ledger.append(List.of(submitted("r2", context("acme/app", "dev", "core"))));
    ledger.append(List.of(submitted("r3", context("acme/lib", "main", "web"))));
    ledger.append(List.of(submitted("r4")));
    assertThat(list(RequestFilter.ALL.and("repository", "acme/app"), 1))
        .containsExactly("r2", "r1");
    assertThat(list(RequestFilter.ALL.and("repository", "acme/app").and("branch", "main"), 1))
        .containsExactly("r1");
    assertThat(list(RequestFilter.ALL.and("labels.team", "web"), 5)).containsExactly("r3");
    assertThat(list(RequestFilter.ALL.and("labels.team", "nobody"), 5)).isEmpty();
    assertThat(find("r1").context()).isEqualTo(context("acme/app", "main", "core"));
  }

  @Test
  void knowsWhichFieldsCanBeAskedFor() {
    assertThat(RequestFilter.Term.knows("build_id")).isTrue();
    assertThat(RequestFilter.Term.knows("labels.team")).isTrue();
    assertThat(RequestFilter.Term.knows("labels.")).isFalse();
    assertThat(RequestFilter.Term.knows("file_name")).isFalse();
  }
}
