// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.pki.KeyType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise of the ledger under {@code kill -9}: what was acknowledged is there, and no key was
 * used without a record that stood before. {@code -Dsgcsign.kills} says how often; 10 in the usual
 * run, 200 in the profile e2e.
 */
final class KillIT {
  private static final int SIGNERS = 16;

  /** One kill of so many comes before the server listens: while it recovers. */
  private static final int EARLY = 5;

  /** Between so many kills the log that was left is verified before anybody mends it. */
  private static final int AUDIT = 25;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private final Random random = new Random(20261121);

  @Test
  void losesNothingItAcknowledgedAndUsesNoKeyUnrecorded() {
    int kills = Integer.getInteger("sgcsign.kills", 10);
    var _ =
        TestPki.pfx(
            folder.resolve("key.pfx"), TestPki.create().selfSigned("Kill", KeyType.EC_P256));
    Path journal = folder.resolve("uses.journal");
    Site site =
        Site.in(folder)
            .server("port", Integer.toString(Site.freePort()))
            .rawProvider(JournalMain.provider("build", "key.pfx", journal))
            .write();
    var witness = new Witness(new LedgerState(site.database()), journal);
    ServerProcess server = JournalMain.start(site);
    try (var crowd = crowd(server)) {
      for (int kill = 0; kill < kills; kill++) {
        awaitSomeWork(crowd);
        server.kill();
        if (kill % AUDIT == AUDIT / 4) {
          audit(site, "verify");
        }
        server = restart(site, kill);
        witness.check(crowd);
      }
      awaitSomeWork(crowd);
      long files = crowd.finish();
      witness.check(crowd);
      assertThat(server.stop()).isZero();
      witness.sumUp(files);
      audit(site, "verify");
      audit(site, "rebuild");
    } finally {
      server.close();
    }
  }

  private static SignerCrowd crowd(ServerProcess server) {
    try (var api = Api.of(server.uri())) {
      String key = api.admin().newKey("{\"name\": \"crowd\"}");
      return new SignerCrowd(server.uri(), key, "build", SIGNERS);
    }
  }

  /** Until a random number of answers came, and a little longer. */
  private void awaitSomeWork(SignerCrowd crowd) {
    int goal = crowd.acknowledged() + 1 + random.nextInt(100);
    Poll.until(
        "signatures", PATIENCE, () -> crowd.acknowledged() >= goal || !crowd.faults().isEmpty());
    Poll.pass(Duration.ofNanos(random.nextInt(40_000_000)));
  }

  private ServerProcess restart(Site site, int kill) {
    if (kill % EARLY == EARLY - 1) {
      var early = JournalMain.launch(site);
      Poll.pass(Duration.ofMillis(random.nextInt(2000)));
      early.kill();
    }
    return JournalMain.start(site);
  }

  private static void audit(Site site, String what) {
    Packaged.Run run =
        Packaged.run(
            Packaged.server("ledger", what, "--database", site.database().toString()),
            site.environment(),
            site.folder());
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).doesNotContain("DIFFERENT", "BAD");
  }

  /** Holds what clients and key were told against the log. */
  private static final class Witness {
    private final LedgerState ledger;
    private final Path journal;
    private int used;

    Witness(LedgerState ledger, Path journal) {
      this.ledger = ledger;
      this.journal = journal;
    }

    void check(SignerCrowd crowd) {
      assertThat(crowd.faults()).isEmpty();
      List<SignerCrowd.Ack> acks = crowd.takeAcks();
      List<String> uses = JournalMain.uses(journal);
      ledger.advance();
      assertThat(acks)
          .filteredOn(
              a -> !ledger.completed(a.logIndex(), a.requestId()) || !ledger.intended(a.imprint()))
          .as("acknowledged and not in the log")
          .isEmpty();
      assertThat(uses.subList(used, uses.size()))
          .filteredOn(use -> crowd.imprintOf(use).filter(ledger::intended).isEmpty())
          .as("uses of the key without an intent")
          .isEmpty();
      used = uses.size();
      assertThat(ledger.forgotten()).as("intents of a killed server without an end").isEmpty();
    }

    /** Everything is answered and the server has ended. */
    void sumUp(long files) {
      ledger.advance();
      assertThat(ledger.open()).isEmpty();
      assertThat(ledger.signedTwice()).isEmpty();
      assertThat(ledger.signedKeys()).isEqualTo((int) files);
      assertThat(used).isGreaterThanOrEqualTo((int) files);
      System.out.printf(
          "KillIT: %d files signed, %d key uses, %d events, ends %s%n",
          files, used, ledger.events(), ledger.ends());
    }
  }
}
