// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import static io.sgcsign.server.ledger.LedgerFixture.completed;
import static io.sgcsign.server.ledger.LedgerFixture.digest;
import static io.sgcsign.server.ledger.LedgerFixture.intended;
import static io.sgcsign.server.ledger.LedgerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.server.ledger.Entry;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.ledger.LedgerFixture;
import io.sgcsign.server.ledger.event.SignatureFailed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignaturesViewTest {
  private static final Bytes BLOCK = Bytes.utf8("a signature block");
  @TempDir Path folder;

  private static Optional<SignaturesView.Signature> find(Ledger ledger, Digest block) {
    return ledger.read(rows -> SignaturesView.find(rows, block));
  }

  @Test
  void findsWhatWasCompletedByItsBlockAndNothingElse() {
    var fixture = new LedgerFixture(folder);
    try (var ledger = fixture.start("boot-1")) {
      ledger.append(List.of(submitted("r1")));
      long intent = ledger.append(List.of(intended("r1"))).first();
      Digest block = Digest.sha256(BLOCK);
      assertThat(find(ledger, block)).isEmpty();

      long done = ledger.append(List.of(completed("r1", intent, BLOCK))).first();

      assertThat(find(ledger, block))
          .contains(
              new SignaturesView.Signature(
                  block,
                  done,
                  LedgerFixture.START,
                  Optional.of("r1"),
                  Optional.of(digest("signed r1"))));
      assertThat(find(ledger, digest("signed r1"))).isEmpty();
      byte[] near = block.value().toArray();
      near[31] ^= 1; // beyond the part that is the key
      var other = new Digest(block.algorithm(), Bytes.wrap(near));
      assertThat(find(ledger, other)).isEmpty();
    }
  }

  @Test
  void knowsNothingOfWhatFailed() {
    var fixture = new LedgerFixture(folder);
    try (var ledger = fixture.start("boot-1")) {
      ledger.append(List.of(submitted("r1")));
      long intent = ledger.append(List.of(intended("r1"))).first();
      var failed =
          new SignatureFailed(List.of(intent), "SGC-PROVIDER-UNAVAILABLE", Optional.empty());
      ledger.append(List.of(Entry.of(failed, "key_1").inRequest("r1")));
      assertThat(find(ledger, Digest.sha256(BLOCK))).isEmpty();
    }
  }
}
