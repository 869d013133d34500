// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.log.Leaf;
import io.sgcsign.log.ProofException;
import io.sgcsign.log.Receipt;
import io.sgcsign.log.VerifierKey;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.KeyType;
import io.sgcsign.tool.Tool;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record behind every signature: provable, and missed at once when it is gone. */
final class LedgerIT {
  private static final Bytes FILE = Programs.x64();
  @TempDir private Path folder;
  private Site site;
  private Path journal;

  @BeforeEach
  void prepare() {
    var key = TestPki.create().selfSigned("Ledger", KeyType.EC_P256);
    var _ = TestPki.pfx(folder.resolve("key.pfx"), key);
    journal = folder.resolve("uses.journal");
    site =
        Site.in(folder)
            .rawProvider(JournalMain.provider("build", "key.pfx", journal))
            .server("log_origin", "\"e2e.example/log/1\"")
            .write();
  }

  /** The packaged commands read the same folder; they do not know the journalling provider. */
  private Site commands() {
    return Site.in(folder).server("log_origin", "\"e2e.example/log/1\"").write();
  }

  private static String sign(Api api) {
    Answer answer = api.sign(FormData.of(FILE, "build"));
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.header("X-Sgcsign-Request-Id");
  }

  private static List<VerifierKey> keys(Packaged.Run vkeys) {
    assertThat(vkeys.exit()).as(vkeys.output()).isZero();
    return vkeys.output().lines().map(VerifierKey::parse).toList();
  }

  @Test
  void provesASignatureOffline() {
    String id;
    Answer signed;
    Bytes receipt;
    try (var server = JournalMain.start(site);
        var api = Api.signedUp(server.uri())) {
      signed = api.sign(FormData.of(FILE, "build"));
      id = signed.header("X-Sgcsign-Request-Id");
      Answer answer = api.get("/api/v1/requests/" + id + "/receipt");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Content-Disposition")).contains(id + ".tlog-proof");
      receipt = answer.body();
      assertThat(api.get("/log/checkpoint").text()).startsWith("e2e.example/log/1\n");
    }
    List<VerifierKey> keys = keys(commands().run("ledger", "vkeys"));
    assertThat(keys).extracting(VerifierKey::type).hasSize(2);

    Leaf leaf = Receipt.parse(receipt).verify(keys).leaf();

    assertThat(leaf.type()).isEqualTo("signature.completed");
    assertThat(leaf.request()).contains(id);
    assertThat(Long.toString(leaf.seq())).isEqualTo(signed.header("X-Sgcsign-Log-Index"));
    assertThat(leaf.pub().text("signed")).isEqualTo(Digest.sha256(signed.signed()).toString());
    assertThat(leaf.pub().bool("stamped")).as("the mark of a signature without a stamp").isFalse();
    refusesEveryFlip(receipt, keys);
  }

  private static void refusesEveryFlip(Bytes receipt, List<VerifierKey> keys) {
    for (int at = 0; at < receipt.size(); at++) {
      byte[] changed = receipt.toArray();
      changed[at] ^= (byte) (1 << (at % 8));
      int where = at;
      assertThatThrownBy(() -> Receipt.parse(Bytes.wrap(changed)).verify(keys))
          .as("bit %s of byte %s", at % 8, where)
          .isInstanceOf(ProofException.class);
    }
  }

  @Test
  void recordsWhoDidWhatInOrder() {
    try (var server = JournalMain.start(site);
        var api = Api.signedUp(server.uri())) {
      String id = sign(api);
      assertThat(api.verify(FILE).status()).isEqualTo(200);
      api.login("wrong password").problem(Code.CREDENTIALS_INVALID);
      api.sign(FormData.of(FILE, "nowhere")).problem(Code.PROVIDER_UNKNOWN);
      Poll.until(
          "the refusal is recorded",
          Duration.ofSeconds(10),
          () -> LedgerFile.count(site.database(), "request.rejected") == 1);
      try (var ledger = LedgerFile.read(site.database())) {
        List<Leaf> events = ledger.events(0);
        assertThat(events)
            .extracting(Leaf::type)
            .startsWith("log.created", "node.started", "user.created")
            .contains("session.login", "key.created", "verify.performed", "session.failed");
        assertThat(events.stream().filter(e -> e.request().filter(id::equals).isPresent()))
            .extracting(Leaf::type)
            .containsExactly("request.submitted", "signature.intended", "signature.completed");
      }
      assertThat(server.stop()).isZero();
    }
    assertThat(LedgerFile.count(site.database(), "node.stopped")).isEqualTo(1);
  }

  /** What must never be in the log, whatever it is worth. */
  @Test
  void keepsSecretsOutOfTheFolder() throws IOException {
    String key;
    try (var server = JournalMain.start(site);
        var api = Api.of(server.uri())) {
      key = api.admin().newKey("{\"name\": \"secret\"}");
      assertThat(server.log()).doesNotContain(key, Site.ADMIN_PASSWORD);
    }
    for (Path file : site.files("")) {
      if (Files.isRegularFile(file) && !file.equals(site.config())) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(content.contains(key)).as("%s", file).isFalse();
        assertThat(content.contains(Site.ADMIN_PASSWORD)).as("%s", file).isFalse();
      }
    }
  }

  @Test
  void verifiesRebuildsAndExports() throws IOException {
    try (var server = JournalMain.start(site);
        var api = Api.signedUp(server.uri())) {
      for (int i = 0; i < 3; i++) {
        var _ = sign(api);
      }
      Packaged.Run running = commands().run("ledger", "verify");
      assertThat(running.exit()).as(running.output()).isZero();
    }
    Packaged.Run verify = commands().run("ledger", "verify");
    assertThat(verify.exit()).as(verify.output()).isZero();
    assertThat(verify.output()).contains("The ledger is good.");

    Packaged.Run rebuild = commands().run("ledger", "rebuild");
    assertThat(rebuild.exit()).as(rebuild.output()).isZero();
    assertThat(rebuild.output().lines())
        .hasSizeGreaterThan(4)
        .last(STRING)
        .isEqualTo("All views are what their events make.");
    assertThat(rebuild.output()).doesNotContain("DIFFERENT");

    Path tar = folder.resolve("log.tar");
    Packaged.Run export = commands().run("ledger", "export", "--out", tar.toString());
    assertThat(export.exit()).as(export.output()).isZero();
    Bytes first = Bytes.wrap(Files.readAllBytes(tar));
    assertThat(Tool.require("tar").succeed("-tf", tar))
        .contains("checkpoint")
        .contains("tile/0/000")
        .contains("tile/entries/000");
    assertThat(commands().run("ledger", "export", "--out", tar.toString()).exit()).isEqualTo(3);
    assertThat(Bytes.wrap(Files.readAllBytes(tar))).isEqualTo(first);
    assertThat(commands().run("ledger", "frobnicate").exit()).isEqualTo(2);
  }

  @Test
  void findsWhatWasChangedBehindItsBack() {
    try (var server = JournalMain.start(site);
        var api = Api.signedUp(server.uri())) {
      var _ = sign(api);
    }
    try (var ledger = LedgerFile.tamper(site.database())) {
      assertThat(
              ledger.execute(
                  "update view_row set value = cast('{}' as blob) where view = 'requests'"))
          .isEqualTo(1);
    }
    assertThat(commands().run("ledger", "verify").exit()).isEqualTo(1);
    Packaged.Run rebuild = commands().run("ledger", "rebuild");
    assertThat(rebuild.exit()).as(rebuild.output()).isEqualTo(1);
    assertThat(rebuild.output()).containsPattern("requests +DIFFERENT");
    assertThat(commands().run("ledger", "rebuild").exit()).isZero();
    assertThat(commands().run("ledger", "verify").exit()).isZero();

    try (var ledger = LedgerFile.tamper(site.database())) {
      String lie = "cast(replace(cast(body as text), 'key_', 'kez_') as blob)";
      assertThat(ledger.execute("update event set body = " + lie + " where seq = 5")).isEqualTo(1);
    }
    Packaged.Run broken = commands().run("ledger", "verify");
    assertThat(broken.exit()).as(broken.output()).isEqualTo(1);
    assertThat(broken.output()).contains("BAD: event 5");
  }

  @Test
  void noticesThatItsDatabaseIsGone() {
    missed(database -> delete(database));
  }

  @Test
  void noticesThatItsWriteAheadLogIsGone() {
    missed(database -> delete(database.resolveSibling(database.getFileName() + "-wal")));
  }

  @Test
  void noticesThatItsDatabaseWasReplaced() {
    missed(database -> {
      try {
        Path copy = folder.resolve("copy.db");
        Files.copy(database, copy);
        Files.move(copy, database, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does something to the database of a running server; nothing may be signed after it. */
  private void missed(Consumer<Path> damage) {
    try (var server = JournalMain.start(site);
        var api = Api.signedUp(server.uri())) {
      var _ = sign(api);
      String hashes =
          HashRequest.unstamped(
                  "build",
                  Map.of("hash", "sha256"),
                  List.of(
                      HashRequest.Item.of(
                          "a",
                          RemoteSigner.imprint(
                              FILE,
                              Map.of("hash", "sha256"),
                              RemoteSigner.context(api, "build", "sha256")))))
              .json();
      var before = new ArrayList<>(JournalMain.uses(journal));
      assertThat(before).isNotEmpty();

      damage.accept(site.database());

      Answer refused = api.sign(FormData.of(FILE, "build")).problem(Code.LEDGER_UNAVAILABLE);
      assertThat(refused.header("Retry-After")).matches("\\d+");
      var item =
          (JsonValue.Obj) api.json("POST", Api.HASH, hashes).good().items("items").getFirst();
      assertThat(item.object("problem").flatMap(p -> p.text("code")))
          .contains("SGC-LEDGER-UNAVAILABLE");
      assertThat(JournalMain.uses(journal)).isEqualTo(before);
      Answer ready = api.get("/api/v1/health/ready");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.json().flag("ready")).isFalse();
      assertThat(api.get("/api/v1/health").good().object("ledger").orElseThrow().flag("ready"))
          .isFalse();
      assertThat(api.anonymous().get("/api/v1/health/live").status()).isEqualTo(200);
    }
  }

  /** An older state of the log is not taken for the log. */
  @Test
  void refusesToGoOnFromAnOlderCopy() throws IOException {
    Path old = folder.resolve("old.db");
    JournalMain.start(site).close();
    Files.copy(site.database(), old);
    try (var server = JournalMain.start(site);
        var api = Api.signedUp(server.uri())) {
      var _ = sign(api);
      assertThat(api.get("/log/checkpoint").status()).isEqualTo(200);
    }
    Files.move(old, site.database(), StandardCopyOption.REPLACE_EXISTING);

    Packaged.Run run = commands().run("--console");

    assertThat(run.exit()).as(run.output()).isEqualTo(78);
    assertThat(run.output()).contains("ledger cannot be opened");
  }

  @Test
  void saysThatItsLogIsDamaged() {
    JournalMain.start(site).close();
    try (var ledger = LedgerFile.tamper(site.database())) {
      assertThat(ledger.execute("update event set body = cast('{}' as blob) where seq = 0"))
          .isEqualTo(1);
    }

    Packaged.Run run = commands().run("--console");

    assertThat(run.exit()).as(run.output()).isEqualTo(78);
    assertThat(run.output()).contains("ledger cannot be opened").doesNotContain("\tat ");
  }

  @Test
  void letsOneServerWriteOnly() {
    try (var server = JournalMain.start(site)) {
      assertThat(server.alive()).isTrue();
      Packaged.Run second = commands().run("--console");
      assertThat(second.exit()).as(second.output()).isEqualTo(78);
    }
  }
}
