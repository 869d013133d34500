// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import io.sgcsign.pki.Digest;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Someone who may asked for a file to be signed. The request's id is the entry's.
 *
 * @param options the format's options as given, secret ones left out
 * @param artifact SHA-256 of the file as it came in or as the client says it is
 */
public record RequestSubmitted(
    String format,
    String provider,
    Mode mode,
    SortedMap<String, String> options,
    Digest artifact,
    Optional<String> fileName,
    Optional<String> peer,
    BuildContext context)
    implements Event {
  static final String TYPE = "request.submitted";

  public RequestSubmitted {
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }

  /** What came: the file, or only its imprints. */
  public enum Mode {
    UPLOAD,
    HASH;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Mode byWireName(String name) {
      return switch (name) {
        case "upload" -> UPLOAD;
        case "hash" -> HASH;
        default -> throw Parts.unknown("mode", name);
      };
    }
  }

  static RequestSubmitted read(Parts parts) {
    var pub = parts.pub();
    return new RequestSubmitted(
        pub.text("format"),
        pub.text("provider"),
        Mode.byWireName(pub.text("mode")),
        parts.state().textMap("options"),
        Digest.parse(pub.text("artifact")),
        parts.personal().findText("file_name"),
        parts.personal().findText("peer"),
        BuildContext.read(parts.state().object("unverified")));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    var pub =
        Json.object()
            .put("format", format)
            .put("provider", provider)
            .put("mode", mode.wireName())
            .put("artifact", artifact.toString());
    var state = Json.object();
    if (!options.isEmpty()) {
      state.put("options", options);
    }
    if (!context.equals(BuildContext.NONE)) {
      state.put("unverified", context.toJson());
    }
    var personal = Json.object().putIfPresent("file_name", fileName).putIfPresent("peer", peer);
    return Parts.of(pub, state, personal);
  }
}
