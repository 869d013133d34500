// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReceiptTest {
  private static final String ORIGIN = "sign.example/log/1";
  private static final Instant TIME = Instant.parse("2026-11-21T10:00:00.000001Z");
  private static final int SIZE = 21;
  private static final int INDEX = 13;

  private static List<NoteSigner> signers;
  private static List<VerifierKey> keys;
  private static Receipt receipt;

  @BeforeAll
  static void makeALog() throws GeneralSecurityException {
    signers = new ArrayList<>();
    for (var type : VerifierKey.Type.values()) {
      var pair = KeyPairGenerator.getInstance(type.algorithm()).generateKeyPair();
      var key = VerifierKey.of(ORIGIN, type, pair.getPublic());
      signers.add(new NoteSigner(key, pair.getPrivate(), new SecureRandom()));
    }
    keys = signers.stream().map(NoteSigner::verifier).toList();
    receipt = receiptOf(INDEX, leaf(INDEX));
  }

  private static Bytes leaf(long seq) {
    return new Leaf(
            seq,
            Leaf.NO_PREVIOUS,
            TIME,
            "n1",
            "verify.performed",
            "key_1",
            Optional.of("r1"),
            Json.object().put("status", "valid").build(),
            Optional.empty(),
            Optional.empty(),
            new TreeMap<>(),
            new TreeMap<>())
        .encode();
  }

  private static Receipt receiptOf(int index, Bytes atIndex) {
    var hashes = new ArrayList<Bytes>();
    var frontier = Frontier.empty();
    for (int i = 0; i < SIZE; i++) {
      hashes.add(MerkleTree.leafHash(i == index ? atIndex : leaf(i)));
      frontier.add(hashes.getLast());
    }
    MerkleTree.Subtrees subtrees =
        (level, position) -> {
          var part = Frontier.empty();
          int width = 1 << level;
          hashes.stream().skip(position * width).limit(width).forEach(part::add);
          return part.root();
        };
    var path = MerkleTree.inclusionProof(index, SIZE, subtrees);
    var note = new Checkpoint(ORIGIN, SIZE, frontier.root()).sign(signers, TIME);
    return new Receipt(atIndex, index, path, note);
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
    var lying = receiptOf(INDEX, leaf(INDEX + 1));
    assertThatThrownBy(() -> lying.verify(keys)).hasMessage("The event calls itself 14, not 13");
  }

  @Test
  void demandsTheSignatureOfEveryKey() {
    var ed25519Only =
        new Receipt(
            receipt.leaf(),
            receipt.index(),
            receipt.path(),
            Checkpoint.open(receipt.checkpoint(), keys).sign(signers.subList(0, 1), TIME));
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
