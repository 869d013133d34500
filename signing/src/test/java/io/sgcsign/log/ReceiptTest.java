// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import static io.sgcsign.log.SampleLog.ORIGIN;
import static io.sgcsign.log.SampleLog.SIZE;
import static io.sgcsign.log.SampleLog.TIME;
import static io.sgcsign.log.SampleLog.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReceiptTest {
  private static final int INDEX = 13;

  private static SampleLog log;
  private static List<VerifierKey> keys;
  private static Receipt receipt;

  @BeforeAll
  static void makeALog() throws GeneralSecurityException {
    log = new SampleLog(new SecureRandom());
    keys = log.keys;
    receipt = log.receiptOf(INDEX, leaf(INDEX));
  }

  @Test
  void readsWhatItWroteAndProvesTheEvent() {
    var read = Receipt.parse(receipt.toBytes());
    assertThat(read).isEqualTo(receipt);
    var proven = read.verify(keys);
    assertThat(proven.leaf().seq()).isEqualTo(INDEX);
    assertThat(proven.leaf().type()).isEqualTo("verify.performed");
    assertThat(proven.leaf().time()).isEqualTo(TIME);
    assertThat(proven.checkpoint().size()).isEqualTo(SIZE);
  }

  @Test
  void looksLikeTheExampleOfTheSpecification() {
    String[] lines = receipt.toBytes().toUtf8().split("\n", -1);
    assertThat(lines[0]).isEqualTo("c2sp.org/tlog-proof@v1");
    assertThat(lines[1]).isEqualTo("extra " + leaf(INDEX).toBase64());
    assertThat(lines[2]).isEqualTo("index 13");
    int blank = List.of(lines).indexOf("");
    assertThat(Arrays.copyOfRange(lines, 3, blank)).hasSize(5).allMatch(l -> l.length() == 44);
    assertThat(lines[blank + 1]).isEqualTo(ORIGIN);
    assertThat(lines[blank + 2]).isEqualTo("21");
    assertThat(lines[blank + 5]).startsWith("— " + ORIGIN + " ");
  }

  /** 45,000 bits, most with two signature checks: some seconds. */
  @Test
  void refusesEverySingleFlippedBit() {
    byte[] good = receipt.toBytes().toArray();
    var accepted =
        IntStream.range(0, good.length * 8).parallel().filter(bit -> verifies(good, bit)).boxed();
    assertThat(accepted).isEmpty();
  }

  private static boolean verifies(byte[] good, int flippedBit) {
    byte[] bad = good.clone();
    bad[flippedBit / 8] ^= (byte) (1 << (flippedBit % 8));
    try {
      var proven = Receipt.parse(Bytes.wrap(bad)).verify(keys);
      return proven.checkpoint().size() >= 0;
    } catch (ProofException e) {
      return false;
    }
  }

  @Test
  void refusesEveryTruncation() {
    var good = receipt.toBytes();
    for (int length = 0; length < good.size(); length++) {
      var bad = good.slice(0, length);
      assertThatThrownBy(() -> Receipt.parse(bad).verify(keys)).isInstanceOf(ProofException.class);
    }
  }

  @Test
  void refusesAnEventThatCallsItselfAnotherIndex() {
    var lying = log.receiptOf(INDEX, leaf(INDEX + 1));
    assertThatThrownBy(() -> lying.verify(keys)).hasMessage("The event calls itself 14, not 13");
  }

  @Test
  void demandsTheSignatureOfEveryKey() {
    var ed25519Only =
        new Receipt(
            receipt.leaf(),
            receipt.index(),
            receipt.path(),
            Checkpoint.open(receipt.checkpoint(), keys).sign(log.signers.subList(0, 1), TIME));
    ed25519Only.verify(keys.subList(0, 1));
    assertThatThrownBy(() -> ed25519Only.verify(keys)).hasMessageContaining("Not signed by");
    assertThatThrownBy(() -> receipt.verify(List.of())).isInstanceOf(ProofException.class);
  }

  @Test
  void refusesAFileThatIsTooLarge() {
    assertThatThrownBy(() -> Receipt.parse(Bytes.wrap(new byte[Receipt.MAX_SIZE + 1])))
        .hasMessageContaining("at most");
  }

  @Test
  void readsLeavesWithMembersOfLaterVersions() {
    var later = Json.readObject(leaf(3)).change().put("hint", "new").build().canonical();
    assertThat(Leaf.parse(later).seq()).isEqualTo(3);
    assertThatThrownBy(() -> Leaf.parse(Bytes.utf8("{\"seq\":1}")))
        .isInstanceOf(ProofException.class);
  }
}
