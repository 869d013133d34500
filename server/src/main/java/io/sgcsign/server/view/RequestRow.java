// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.log.Json;
import io.sgcsign.pki.Digest;
import io.sgcsign.server.ledger.event.BuildContext;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A request as lists and details show it.
 *
 * @param seq the log index of its submission
 * @param by who submitted it
 * @param mode {@code upload} or {@code hash}
 * @param fileName absent once it was pruned
 * @param signed digest of the signed file, if the server saw it
 * @param code of the problem it ended with
 * @param asks the uses of the key, in order
 */
public record RequestRow(
    String id,
    long seq,
    Instant submittedAt,
    Optional<Instant> finishedAt,
    Status status,
    String by,
    Optional<String> format,
    Optional<String> provider,
    Optional<String> mode,
    Optional<Digest> artifact,
    Optional<String> fileName,
    SortedMap<String, String> options,
    BuildContext context,
    Optional<Digest> signed,
    Optional<String> code,
    List<Ask> asks) {
  public RequestRow {
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    asks = List.copyOf(asks);
  }

  /** How far it is. */
  public enum Status {
    SUBMITTED,
    SIGNING,
    COMPLETED,
    REJECTED,
    FAILED,
    DISCARDED,
    INDETERMINATE;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One use of the key.
   *
   * @param intent the log index of its intent
   * @param end the log index of its end
   * @param signed whether it ended with a signature
   */
  public record Ask(long intent, int ordinal, Optional<Long> end, boolean signed) {
    /** Whether it is under way or has its signature, so that nobody may ask the same again. */
    public boolean taken() {
      return signed || end.isEmpty();
    }

    static Ask read(Json json) {
      var object = json instanceof Json.Obj o ? o : Json.Obj.EMPTY;
      return new Ask(
          object.number("intent"),
          Math.toIntExact(object.number("ordinal")),
          object.findNumber("end"),
          object.bool("signed"));
    }

    Json toJson() {
      return Json.object()
          .put("intent", intent)
          .put("ordinal", ordinal)
          .putIfPresent("end", end)
          .put("signed", signed)
          .build();
    }
  }

  static RequestRow read(String id, Json.Obj row) {
    return new RequestRow(
        id,
        row.number("seq"),
        Instant.parse(row.text("submitted_at")),
        row.findText("finished_at").map(Instant::parse),
        Status.valueOf(row.text("status").toUpperCase(Locale.ROOT)),
        row.text("by"),
        row.findText("format"),
        row.findText("provider"),
        row.findText("mode"),
        row.findText("artifact").map(Digest::parse),
        row.findText("file_name"),
        row.textMap("options"),
        BuildContext.read(row.object("unverified")),
        row.findText("signed").map(Digest::parse),
        row.findText("code"),
        row.list("asks").stream().map(Ask::read).toList());
  }
}
