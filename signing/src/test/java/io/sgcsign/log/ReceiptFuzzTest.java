// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import java.security.GeneralSecurityException;
import java.util.List;

/** Hostile receipts, and the leaves, notes and keys in them. */
public final class ReceiptFuzzTest implements FuzzTarget {
  private static final int INDEX = 13;
  private static final SampleLog LOG = log();
  private static final ReceiptFuzzTest TARGET = new ReceiptFuzzTest();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  private static SampleLog log() {
    try {
      return new SampleLog(new SeededRandom(3));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK lacks the log's algorithms", e);
    }
  }

  private static boolean accepts(Runnable reading) {
    try {
      reading.run();
      return true;
    } catch (ProofException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
  }

  @Override
  public String read(Bytes input) {
    // what stands inside a receipt is reached from outside too
    boolean leaf = accepts(() -> assertThat(Leaf.parse(input).seq()).isNotNegative());
    boolean json =
        accepts(() -> {
          Bytes canonical = Json.read(input).canonical();
          assertThat(Json.read(canonical).canonical()).isEqualTo(canonical);
        });
    assertThat(json || !leaf).isTrue();
    String text = input.toUtf8();
    boolean note = accepts(() -> assertThat(SignedNote.parse(text).signatures()).isNotEmpty());
    boolean key = accepts(() -> assertThat(VerifierKey.parse(text)).hasToString(text));
    boolean receipt = accepts(() -> assertThat(Receipt.parse(input).toBytes()).isEqualTo(input));
    boolean proven = accepts(() -> prove(input));
    if (receipt) {
      return proven ? "proven" : "unproven";
    }
    assertThat(proven).isFalse();
    return leaf ? "leaf" : json ? "json" : key ? "key" : note ? "note" : "refused";
  }

  /** Nothing is proven but what is in the log. */
  private static void prove(Bytes input) {
    var receipt = Receipt.parse(input);
    var proven = receipt.verify(LOG.keys);
    assertThat(proven.leaf().seq()).isEqualTo(receipt.index());
    assertThat(receipt.leaf()).isEqualTo(SampleLog.leaf(receipt.index()));
  }

  @Override
  public List<Seed> seeds() {
    var receipt = LOG.receiptOf(INDEX, SampleLog.leaf(INDEX));
    String text = receipt.toBytes().toUtf8();
    return List.of(
        new Seed("receipt", "proven", receipt.toBytes()),
        new Seed("first", "proven", LOG.receiptOf(0, SampleLog.leaf(0)).toBytes()),
        new Seed("last", "proven", LOG.receiptOf(20, SampleLog.leaf(20)).toBytes()),
        new Seed("liar", "unproven", LOG.receiptOf(INDEX, SampleLog.leaf(1)).toBytes()),
        new Seed("another index", "unproven", Bytes.utf8(text.replace("index 13", "index 12"))),
        new Seed(
            "far index",
            "unproven",
            Bytes.utf8(text.replace("index 13", "index 999999999999999999"))),
        new Seed("leading zero", "note", Bytes.utf8(text.replace("index 13", "index 013"))),
        new Seed("cut", "unproven", receipt.toBytes().slice(0, text.indexOf("\n\n") + 9)),
        new Seed("no checkpoint", "refused", Bytes.utf8(text.substring(0, text.indexOf("\n\n")))),
        new Seed("no UTF-8", "refused", Bytes.fromHex("c3280a0a")),
        new Seed("note", "note", Bytes.utf8(receipt.checkpoint())),
        new Seed("leaf", "leaf", receipt.leaf()),
        new Seed("key", "key", Bytes.utf8(LOG.keys.getFirst().toString())),
        new Seed("post-quantum key", "key", Bytes.utf8(LOG.keys.getLast().toString())),
        new Seed("leaf of text", "json", Bytes.utf8("{\"seq\": \"1\"}")),
        new Seed("empty", "refused", Bytes.EMPTY));
  }
}
