// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import static io.sgcsign.server.ledger.LedgerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.server.view.RequestsView;
import io.sgcsign.server.view.Views;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerPruneTest {
  private static final int DAYS = 30;

  @TempDir Path folder;
  private LedgerFixture fixture;

  @BeforeEach
  void begin() {
    fixture = new LedgerFixture(folder);
  }

  private AuditReport audit() {
    return new LedgerAudit(fixture.storage(), Views.all()).verify();
  }

  private static Optional<String> fileName(Ledger ledger, String id) {
    return ledger.read(rows -> RequestsView.find(rows, id)).orElseThrow().fileName();
  }

  private boolean prune(Ledger ledger) {
    return ledger.prune(fixture.clock().instant().minus(Duration.ofDays(DAYS)), DAYS);
  }

  @Test
  void forgetsPersonalDetailsInTimeAndKeepsEveryProof() {
    try (var ledger = fixture.start("boot-1")) {
      long old = ledger.append(List.of(submitted("old"))).first();
      var receipt = ledger.receipt(old).orElseThrow();
      fixture.pass(Duration.ofDays(DAYS + 1));
      var _ = ledger.append(List.of(submitted("new")));
      assertThat(prune(ledger)).isTrue();
      assertThat(fileName(ledger, "old")).isEmpty();
      assertThat(fileName(ledger, "new")).contains("new.exe");
      assertThat(receipt.verify(ledger.verifierKeys()).leaf().seq()).isEqualTo(old);
      assertThat(audit().fault()).isEmpty();
      assertThat(prune(ledger)).as("nothing is left to forget").isFalse();
    }
    assertThat(new LedgerAudit(fixture.storage(), Views.all()).rebuild())
        .allMatch(LedgerAudit.Rebuilt::identical);
  }

  @Test
  void findsADetailThatNoPruningCovers() throws SQLException {
    try (var ledger = fixture.start("boot-1")) {
      var _ = ledger.append(List.of(submitted("old")));
    }
    try (var sql = DriverManager.getConnection("jdbc:sqlite:" + fixture.database());
        var statement = sql.createStatement()) {
      statement.executeUpdate("delete from detail where kind='personal'");
    }
    assertThat(audit().fault()).isPresent();
  }
}
