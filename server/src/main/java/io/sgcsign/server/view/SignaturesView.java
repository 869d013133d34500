// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.pki.Digest;
import io.sgcsign.server.ledger.Recorded;
import io.sgcsign.server.ledger.Rows;
import io.sgcsign.server.ledger.View;
import io.sgcsign.server.ledger.event.SignatureCompleted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Completed signatures, found by the digest of their block: whoever holds the file can ask. */
public final class SignaturesView implements View {
  private static final String SIGNATURES = "signatures";

  /**
   * A completed signature.
   *
   * @param seq of the event that says so
   * @param signed digest of the file that was released; empty: it was signed by hash
   */
  public record Signature(
      Digest block, long seq, Instant time, Optional<String> request, Optional<Digest> signed) {}

  @Override
  public String name() {
    return SIGNATURES;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<String> tables() {
    return List.of(SIGNATURES);
  }

  @Override
  public void fold(Recorded recorded, Rows.Mutable rows) {
    if (recorded.event() instanceof SignatureCompleted completed) {
      for (var made : completed.made()) {
        var row =
            Json.object()
                .put("block", made.block().toString())
                .put("seq", recorded.seq())
                .put("time", Leaf.format(recorded.time()))
                .putIfPresent("request", recorded.request())
                .putIfPresent("signed", completed.signed());
        rows.put(SIGNATURES, Keys.shorten(made.block()), row.build());
      }
    }
  }

  public static Optional<Signature> find(Rows rows, Digest block) {
    return rows.json(SIGNATURES, Keys.shorten(block))
        .map(row ->
            new Signature(
                Digest.parse(row.text("block")),
                row.number("seq"),
                Instant.parse(row.text("time")),
                row.findText("request"),
                row.findText("signed").map(Digest::parse)))
        .filter(signature -> signature.block().equals(block));
  }
}
