// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One event of the log as its leaf tells it. Written once as canonical JSON and kept verbatim; its
 * hash is always computed over the stored bytes, never over a second writing.
 *
 * @param seq its place in the log, from 0
 * @param previous the leaf hash of the event before, zeroes for the first
 * @param time when it was recorded, in microseconds; never runs backwards
 * @param node the server that recorded it
 * @param type for example {@code signature.intended}
 * @param by who caused it: a user, a key, or the node itself
 * @param request the request it belongs to
 * @param pub what every reader of the log may see
 * @param state commitment to the state detail, if there is one
 * @param personal commitment to the personal detail, if there is one
 * @param secrets commitments to the secrets this event stored; empty: it removed the secret
 * @param answers digests of the answers this event stored for replays, by the seq of their intent
 */
public record Leaf(
    long seq,
    Bytes previous,
    Instant time,
    String node,
    String type,
    String by,
    Optional<String> request,
    Json.Obj pub,
    Optional<Digest> state,
    Optional<Digest> personal,
    SortedMap<String, Optional<Digest>> secrets,
    SortedMap<Long, Digest> answers) {
  /** Bytes of a leaf; C2SP tlog-tiles writes lengths of entries in 16 bits. */
  public static final int MAX_SIZE = 65_535;

  /** The {@link #previous} of the first event. */
  public static final Bytes NO_PREVIOUS = Bytes.wrap(new byte[MerkleTree.HASH_SIZE]);

  private static final long VERSION = 1;

  /** Three digits after the dot would round; the log always writes six (RFC 3339). */
  public static String format(Instant time) {
    var utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
    if (utc.getYear() < 0 || utc.getYear() > 9999) {
      throw new DateTimeException("RFC 3339 has no year " + utc.getYear());
    }
    // by hand: a DateTimeFormatter costs more than the hash of the event
    var out = new StringBuilder(27);
    digits(out, 4, utc.getYear()).append('-');
    digits(out, 2, utc.getMonthValue()).append('-');
    digits(out, 2, utc.getDayOfMonth()).append('T');
    digits(out, 2, utc.getHour()).append(':');
    digits(out, 2, utc.getMinute()).append(':');
    digits(out, 2, utc.getSecond()).append('.');
    return digits(out, 6, utc.getNano() / 1_000).append('Z').toString();
  }

  private static StringBuilder digits(StringBuilder out, int width, int value) {
    String text = Integer.toString(value);
    return out.append("000000", 0, width - text.length()).append(text);
  }

  /** The bytes to store. */
  public Bytes encode() {
    var json =
        Json.object()
            .put("v", VERSION)
            .put("seq", seq)
            .put("prev", previous.toHex())
            .put("t", format(time))
            .put("node", node)
            .put("type", type)
            .put("by", by)
            .putIfPresent("req", request)
            .put("pub", pub)
            .putIfPresent("det", state)
            .putIfPresent("per", personal);
    if (!secrets.isEmpty()) {
      var members = new TreeMap<String, Json>();
      secrets.forEach((name, digest) -> members.put(name, orNull(digest)));
      json.put("sec", new Json.Obj(members));
    }
    if (!answers.isEmpty()) {
      var items = new ArrayList<Json>();
      answers.forEach((intent, d) -> items.add(answer(intent, d)));
      json.put("ans", new Json.Arr(items));
    }
    return json.build().canonical();
  }

  private static Json orNull(Optional<Digest> digest) {
    return digest.<Json>map(d -> Json.of(d.toString())).orElse(Json.Nil.NULL);
  }

  /**
   * Reads stored bytes; unknown members are allowed, they belong to a later version.
   *
   * @throws ProofException if a member is missing or malformed
   */
  public static Leaf parse(Bytes body) {
    var json = Json.readObject(body);
    try {
      return new Leaf(
          json.number("seq"),
          Bytes.fromHex(json.text("prev")),
          Instant.parse(json.text("t")),
          json.text("node"),
          json.text("type"),
          json.text("by"),
          json.findText("req"),
          json.object("pub"),
          json.findText("det").map(Digest::parse),
          json.findText("per").map(Digest::parse),
          secrets(json.object("sec")),
          answers(json.list("ans")));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ProofException("Not a leaf: " + e.getMessage(), e);
    }
  }

  private static SortedMap<String, Optional<Digest>> secrets(Json.Obj json) {
    var secrets = new TreeMap<String, Optional<Digest>>();
    json.members()
        .forEach((name, value) ->
            secrets.put(
                name,
                value instanceof Json.Nil
                    ? Optional.empty()
                    : Optional.of(Digest.parse(json.text(name)))));
    return secrets;
  }

  /** A list, not an object: member names that never come again spoil a reader's table of names. */
  private static Json answer(long intent, Digest digest) {
    return Json.object().put("intent", intent).put("digest", digest.toString()).build();
  }

  private static SortedMap<Long, Digest> answers(List<Json> items) {
    var answers = new TreeMap<Long, Digest>();
    for (Json item : items) {
      if (!(item instanceof Json.Obj answer)) {
        throw new ProofException("An answer in a leaf is not an object");
      }
      answers.put(answer.number("intent"), Digest.parse(answer.text("digest")));
    }
    return answers;
  }

  /** {@code SHA-256(salt ‖ content)}: tells nothing of the content once the salt is gone. */
  public static Digest commitment(Bytes salt, Bytes content) {
    return Digest.sha256(Bytes.concat(salt, content));
  }
}
