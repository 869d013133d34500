// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import io.sgcsign.pki.Digest;
import java.util.Optional;

/**
 * A key is about to be used. Committed before the key is: no signature exists without one.
 *
 * @param ordinal which ask of its request this is, from 0
 * @param imprint what the format needs signed
 * @param artifact SHA-256 of the whole file
 * @param contentSeen the server had the file itself, not only its imprint
 * @param certificate SHA-256 of the signer's certificate
 * @param algorithm the signature algorithm's name
 * @param replaces the closed intent whose Idempotency-Key this one takes over
 */
public record SignatureIntended(
    int ordinal,
    String provider,
    String format,
    String kind,
    Digest imprint,
    Digest artifact,
    boolean contentSeen,
    Digest certificate,
    String algorithm,
    Optional<IdempotencyClaim> idempotency,
    Optional<Long> replaces)
    implements Event {
  static final String TYPE = "signature.intended";

  /** The same intent, taking over the Idempotency-Key of a closed one. */
  public SignatureIntended replacing(Optional<Long> intent) {
    return new SignatureIntended(
        ordinal,
        provider,
        format,
        kind,
        imprint,
        artifact,
        contentSeen,
        certificate,
        algorithm,
        idempotency,
        intent);
  }

  static SignatureIntended read(Parts parts) {
    var pub = parts.pub();
    var claim = pub.object("idem");
    return new SignatureIntended(
        Math.toIntExact(pub.number("ordinal")),
        pub.text("provider"),
        pub.text("format"),
        pub.text("kind"),
        Digest.parse(pub.text("imprint")),
        Digest.parse(pub.text("artifact")),
        pub.bool("content_seen"),
        Digest.parse(pub.text("cert")),
        pub.text("alg"),
        claim.isEmpty() ? Optional.empty() : Optional.of(IdempotencyClaim.read(claim)),
        pub.findNumber("replaces"));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Parts parts() {
    var pub =
        Json.object()
            .put("ordinal", ordinal)
            .put("provider", provider)
            .put("format", format)
            .put("kind", kind)
            .put("imprint", imprint.toString())
            .put("artifact", artifact.toString())
            .put("content_seen", contentSeen)
            .put("cert", certificate.toString())
            .put("alg", algorithm)
            .putIfPresent("replaces", replaces);
    idempotency.ifPresent(claim -> pub.put("idem", claim.toJson()));
    return Parts.of(pub);
  }
}
