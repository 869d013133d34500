// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import static io.sgcsign.server.ledger.LedgerFixture.completed;
import static io.sgcsign.server.ledger.LedgerFixture.intended;
import static io.sgcsign.server.ledger.LedgerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Checkpoint;
import io.sgcsign.log.Frontier;
import io.sgcsign.log.Json;
import io.sgcsign.log.MerkleTree;
import io.sgcsign.log.VerifierKey;
import io.sgcsign.server.ledger.event.Parts;
import io.sgcsign.server.ledger.event.UnknownEvent;
import io.sgcsign.server.view.UsersView;
import io.sgcsign.server.view.Views;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerAuditTest {
  @TempDir Path folder;
  private LedgerFixture fixture;

  @BeforeEach
  void begin() {
    fixture = new LedgerFixture(folder);
  }

  private LedgerAudit audit() {
    return new LedgerAudit(fixture.storage(), Views.all());
  }

  private void fill(Ledger ledger, int requests) {
    var block = Bytes.utf8("block");
    for (int i = 0; i < requests; i++) {
      String id = "r" + i;
      long intent = ledger.append(List.of(submitted(id), intended(id))).seqs().getLast();
      var answer = new Answer(intent, Json.Obj.EMPTY, block);
      ledger.append(List.of(completed(id, intent, block).answering(answer)));
    }
  }

  @Test
  void findsAGoodLogGoodWhileItsServerRuns() {
    try (var ledger = fixture.start("boot-1")) {
      fill(ledger, 100);
      var report = audit().verify();
      assertThat(report.fault()).isEmpty();
      assertThat(report.events()).isEqualTo(302);
      assertThat(report.details()).isEqualTo(200);
    }
  }

  @Test
  void rebuildsEveryViewAsItWas() {
    try (var ledger = fixture.start("boot-1")) {
      fill(ledger, 20);
      ledger.append(List.of(intended("r1")));
      assertThatThrownBy(() -> audit().rebuild()).hasMessageContaining("Another server");
    }
    var rebuilt = audit().rebuild();
    assertThat(rebuilt).hasSize(7).allMatch(LedgerAudit.Rebuilt::identical);
    assertThat(audit().verify().fault()).isEmpty();
  }

  @Test
  void keepsEventsOfLaterVersionsProvable() {
    var later =
        new UnknownEvent(
            "quorum.reached",
            new Parts(
                Json.object().put("of", 3).build(),
                Json.object().put("body", "x").build(),
                Json.Obj.EMPTY));
    try (var ledger = fixture.start("boot-1")) {
      long seq = ledger.append(List.of(Entry.of(later, "n9"))).first();
      assertThat(ledger.event(seq).orElseThrow().event()).isEqualTo(later);
      ledger.receipt(seq).orElseThrow().verify(ledger.verifierKeys());
    }
    assertThat(audit().verify().fault()).isEmpty();
    assertThat(audit().rebuild()).allMatch(LedgerAudit.Rebuilt::identical);
  }

  @Test
  void foldsAViewAnewWhenItsVersionChanged() {
    try (var ledger = fixture.start("boot-1")) {
      fill(ledger, 3);
    }
    var missing = new ArrayList<>(Views.all());
    missing.removeIf(view -> view instanceof UsersView);
    var counting = new CountingView();
    missing.add(counting);
    try (var ledger =
        Ledger.start(
            LedgerFixture.settings("boot-2", Duration.ofSeconds(20)),
            fixture.storage(),
            missing,
            (_, _, _) -> List.of(),
            fixture.clock(),
            new SecureRandom())) {
      assertThat(ledger.read(CountingView::count)).isEqualTo(ledger.size());
    }
  }

  /** Counts events. */
  private static final class CountingView implements View {
    @Override
    public String name() {
      return "count";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public List<String> tables() {
      return List.of("count");
    }

    @Override
    public void fold(Recorded recorded, Rows.Mutable rows) {
      rows.put("count", "all", Json.object().put("n", count(rows) + 1).build());
    }

    static long count(Rows rows) {
      return rows.json("count", "all").map(row -> row.number("n")).orElse(0L);
    }
  }

  @Test
  void noticesThatTheLogWasRolledBackTogetherWithItsHead() throws IOException {
    fixture.start("boot-1").close();
    var copy = folder.resolve("copy");
    Files.copy(fixture.database(), copy);
    fixture.start("boot-2").close();
    Files.delete(fixture.database());
    Files.copy(copy, fixture.database());
    assertThat(audit().verify().fault().orElseThrow().what())
        .contains("a checkpoint over 5 events");
  }

  @Test
  void exportsALogThatVerifiesAlone() throws IOException {
    try (var ledger = fixture.start("boot-1")) {
      fill(ledger, 100);
    }
    var out = new ByteArrayOutputStream();
    new LedgerExport(fixture.storage(), fixture.clock(), new SecureRandom()).writeTo(out);
    var files = untar(out.toByteArray());
    var keys = text(files, "vkeys").lines().map(VerifierKey::parse).toList();
    var checkpoint = Checkpoint.open(text(files, "checkpoint"), keys);
    assertThat(checkpoint.size()).isEqualTo(303);
    var frontier = Frontier.empty();
    for (var bundle : List.of("tile/entries/000", "tile/entries/001.p/47")) {
      entries(files.getOrDefault(bundle, new byte[0]))
          .forEach(e -> frontier.add(MerkleTree.leafHash(e)));
    }
    assertThat(frontier.root()).isEqualTo(checkpoint.root());
    assertThat(files)
        .containsOnlyKeys(
            "checkpoint",
            "vkeys",
            "tile/0/000",
            "tile/entries/000",
            "tile/0/001.p/47",
            "tile/entries/001.p/47",
            "tile/1/000.p/1");
    assertThat(files.get("tile/0/000")).hasSize(8192);
    assertThat(files.get("tile/1/000.p/1")).hasSize(32);
  }

  private static String text(Map<String, byte[]> files, String name) {
    return new String(files.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }

  private static List<Bytes> entries(byte[] bundle) {
    var entries = new ArrayList<Bytes>();
    for (int at = 0; at < bundle.length; ) {
      int size = ((bundle[at] & 0xff) << 8) | (bundle[at + 1] & 0xff);
      entries.add(Bytes.of(bundle, at + 2, size));
      at += 2 + size;
    }
    return entries;
  }

  private static Map<String, byte[]> untar(byte[] tar) {
    var files = new LinkedHashMap<String, byte[]>();
    for (int at = 0; tar[at] != 0; ) {
      String name = new String(tar, at, 100, StandardCharsets.US_ASCII).replace("\0", "");
      int size = Integer.parseInt(new String(tar, at + 124, 11, StandardCharsets.US_ASCII), 8);
      files.put(name, Bytes.of(tar, at + 512, size).toArray());
      at += 512 + (size + 511) / 512 * 512;
    }
    return files;
  }

  @Test
  void namesTilesAsTheSpecificationDoes() {
    assertThat(TilePath.of(1234067, 256)).isEqualTo("x001/x234/067");
    assertThat(TilePath.of(0, 1)).isEqualTo("000.p/1");
    assertThat(TilePath.of(1000, 256)).isEqualTo("x001/000");
  }
}
