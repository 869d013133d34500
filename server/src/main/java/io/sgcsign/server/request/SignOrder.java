// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.server.config.ServerConfig.StampRule;
import io.sgcsign.server.identity.Principal;
import io.sgcsign.server.ledger.event.BuildContext;
import io.sgcsign.server.ledger.event.IdempotencyClaim;
import io.sgcsign.signature.Imprint;
import io.sgcsign.timestamp.StampProtocol;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What somebody wants signed, checked as far as form goes.
 *
 * @param requestId names the request if it is a new one
 * @param stamp what is said about a time stamp
 * @param tsa the authority that is named
 * @param idempotencyKey the caller's
 */
public record SignOrder(
    String requestId,
    Principal.ApiKey by,
    String peer,
    SignatureFormat format,
    String provider,
    Options options,
    Optional<StampRule> stamp,
    Optional<URI> tsa,
    BuildContext context,
    Optional<String> idempotencyKey,
    String fileName) {

  /** The digest algorithms of the signatures wanted. */
  List<DigestAlgorithm> hashes() {
    return options.choices("hash").stream()
        .map(h -> DigestAlgorithm.byWireName(h).orElseThrow())
        .toList();
  }

  /** How it is to be stamped, if it is. */
  StampProtocol protocol() {
    return options
        .text(Options.TIMESTAMP_PROTOCOL)
        .flatMap(StampProtocol::byWireName)
        .orElse(StampProtocol.RFC3161);
  }

  SignOrder with(Options others) {
    return new SignOrder(
        requestId,
        by,
        peer,
        format,
        provider,
        others,
        stamp,
        tsa,
        context,
        idempotencyKey,
        fileName);
  }

  /** The claim of an ask under the caller's Idempotency-Key. */
  Optional<IdempotencyClaim> claim(Imprint imprint, int ordinal) {
    return idempotencyKey.map(key -> claim(key + "#" + ordinal, wanted(imprint)));
  }

  /** The claim of an ask of which there is nothing but the imprint. */
  IdempotencyClaim claim(String key, Imprint imprint) {
    return claim(key, wanted(imprint) + "\n" + imprint.digest());
  }

  /** A claim under {@code key}: the same key with anything else asked for is a mistake. */
  private IdempotencyClaim claim(String key, String wanted) {
    return IdempotencyClaim.of(by.id(), key, Bytes.utf8(wanted));
  }

  private String wanted(Imprint imprint) {
    return String.join(
        "\n",
        format.descriptor().name(),
        imprint.kind(),
        provider,
        options.values().toString(),
        stamp.toString(),
        tsa.toString(),
        imprint.artifact().toString());
  }
}
