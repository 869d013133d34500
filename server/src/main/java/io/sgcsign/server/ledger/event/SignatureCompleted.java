// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.log.ProofException;
import io.sgcsign.pki.Digest;
import io.sgcsign.timestamp.StampProtocol;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * All intents of a request ended well and its signatures leave the server.
 *
 * @param made one for every intent
 * @param signed SHA-256 of the signed file; empty: the server did not see it
 * @param beside the file that goes beside it; empty: there is none, or the server did not see it
 * @param verified what our verifier read again before release
 * @param warnings codes of what the caller was warned about
 */
public record SignatureCompleted(
    List<Made> made,
    Optional<Digest> signed,
    Optional<Beside> beside,
    Verified verified,
    List<String> warnings)
    implements SignatureEnd {
  static final String TYPE = "signature.completed";
  private static final String PROTOCOL = "protocol";

  public SignatureCompleted {
    made = List.copyOf(made);
    warnings = List.copyOf(warnings);
  }

  /** A file beside the signed one: how its name ends behind that one's, and its SHA-256. */
  public record Beside(String suffix, Digest digest) {

    private static Beside read(Json.Obj json) {
      return new Beside(json.text("suffix"), Digest.parse(json.text("digest")));
    }

    private Json.Obj toJson() {
      return Json.object().put("suffix", suffix).put("digest", digest.toString()).build();
    }
  }

  /** One signature: the intent it fulfils, SHA-256 of its block, its time stamp if it has one. */
  public record Made(long intent, Digest block, Optional<Stamp> stamp) {

    private static Made read(Json json) {
      if (!(json instanceof Json.Obj object)) {
        throw new ProofException("A signature in signature.completed is not an object");
      }
      var stamp = object.object("tsa");
      return new Made(
          object.number("intent"),
          Digest.parse(object.text("block")),
          stamp.isEmpty() ? Optional.empty() : Optional.of(Stamp.read(stamp)));
    }

    private Json.Obj toJson() {
      var json = Json.object().put("intent", intent).put("block", block.toString());
      stamp.ifPresent(s -> json.put("tsa", s.toJson()));
      return json.build();
    }
  }

  /**
   * A time stamp.
   *
   * @param token SHA-256 of the token, or of the SignedData that counter-signs
   * @param time it tells
   * @param authority who says so
   * @param protocol how it was asked; left out of the record for RFC 3161, once the only one
   */
  public record Stamp(Digest token, Instant time, String authority, StampProtocol protocol) {

    private static Stamp read(Json.Obj json) {
      return new Stamp(
          Digest.parse(json.text("token")),
          Instant.parse(json.text("time")),
          json.text("authority"),
          json.findText(PROTOCOL).map(Stamp::protocol).orElse(StampProtocol.RFC3161));
    }

    private static StampProtocol protocol(String name) {
      return StampProtocol.byWireName(name)
          .orElseThrow(() -> Parts.unknown("time-stamp protocol", name));
    }

    private Json.Obj toJson() {
      var json =
          Json.object()
              .put("token", token.toString())
              .put("time", Leaf.format(time))
              .put("authority", authority);
      if (protocol != StampProtocol.RFC3161) {
        json.put(PROTOCOL, protocol.wireName());
      }
      return json.build();
    }
  }

  /** What was verified before release. */
  public enum Verified {
    /** The whole signed file. */
    FILE,
    /** The signature block against the imprint; the server never saw the file. */
    BLOCK;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Verified byWireName(String name) {
      return switch (name) {
        case "file" -> FILE;
        case "block" -> BLOCK;
        default -> throw Parts.unknown("verification", name);
      };
    }
  }

  @Override
  public List<Long> intents() {
    return made.stream().map(Made::intent).toList();
  }

  /** Whether every signature carries a time stamp. */
  public boolean stamped() {
    return made.stream().allMatch(m -> m.stamp().isPresent());
  }

  static SignatureCompleted read(Parts parts) {
    var pub = parts.pub();
    var beside = pub.object("beside");
    return new SignatureCompleted(
        pub.list("made").stream().map(Made::read).toList(),
        pub.findText("signed").map(Digest::parse),
        beside.isEmpty() ? Optional.empty() : Optional.of(Beside.read(beside)),
        Verified.byWireName(pub.text("verified")),
        pub.texts("warnings"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    var pub =
        Json.object()
            .put("made", new Json.Arr(made.stream().<Json>map(Made::toJson).toList()))
            .putIfPresent("signed", signed)
            .put("stamped", stamped())
            .put("verified", verified.wireName());
    beside.ifPresent(b -> pub.put("beside", b.toJson()));
    if (!warnings.isEmpty()) {
      pub.put("warnings", warnings);
    }
    return Parts.of(pub);
  }
}
