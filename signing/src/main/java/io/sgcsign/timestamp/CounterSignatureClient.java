// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.net.RestClient;
import io.sgcsign.net.RestClient.Answer;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.verify.CachedPaths;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CounterSignature;
import io.sgcsign.verify.PathFinder;
import io.sgcsign.verify.StampJudgement;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import io.sgcsign.verify.VerificationReport.TimestampReport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A time-stamp authority of Authenticode's own protocol (Microsoft, "Time Stamping Authenticode
 * Signatures"): it is sent the signature value in base64 and answers with a SignedData over it.
 * Trusted with nothing: there is no nonce, but the value itself is as good as one, being signed
 * under a key that nobody else has.
 */
public final class CounterSignatureClient implements TimestampAuthority {
  /** SPC_TIME_STAMP_REQUEST_OBJID. */
  private static final Bytes TIME_STAMP_REQUEST = DerWriter.oid("1.3.6.1.4.1.311.3.2.1");

  private static final Bytes DATA = DerWriter.oid("1.2.840.113549.1.7.1");

  private static final String OCTETS = "application/octet-stream";
  private static final Map<String, String> HEADERS =
      Map.of("Content-Type", OCTETS, "Accept", OCTETS);

  /** The documented one, and what servers of both protocols put on both answers. */
  private static final Set<String> ANSWERS = Set.of(OCTETS, "application/timestamp-reply");

  private final Correspondence authority;
  private final boolean anchored;
  private final PathFinder paths;
  private final InstantSource clock;

  /**
   * One authority.
   *
   * @param anchors what its certificate must chain to; empty: any certificate will do
   * @param deadline for one counter-signature
   */
  public CounterSignatureClient(
      URI url,
      Optional<TrustStore> anchors,
      Duration deadline,
      RestClient http,
      InstantSource clock) {
    this.authority = new Correspondence(url, http, deadline);
    this.anchored = anchors.isPresent();
    this.paths = new CachedPaths(anchors.orElse(TrustStore.of(List.of())));
    this.clock = clock;
  }

  @Override
  public TimeStampToken stamp(Digest imprint) {
    throw authority.refused("it speaks only the protocol of before RFC 3161", null);
  }

  @Override
  public TimeStampToken counterSign(Bytes value, boolean allowSha1) {
    Bytes answer = answer(authority.post(request(value), HEADERS));
    TimestampReport report = check(CounterSignature.judgeAnswer(answer, value, paths), allowSha1);
    return new TimeStampToken(
        answer, report.time(), authority.url().toString(), StampProtocol.AUTHENTICODE);
  }

  /** TimeStampRequest: its type, no attributes, and a ContentInfo of the value. */
  private static Bytes request(Bytes value) {
    Bytes content = DerWriter.explicit(0, DerWriter.octetString(value));
    Bytes request = DerWriter.sequence(TIME_STAMP_REQUEST, DerWriter.sequence(DATA, content));
    return Bytes.wrap(Base64.getEncoder().encode(request.toArray()));
  }

  private Bytes answer(Answer answer) {
    if (!ANSWERS.contains(answer.contentType())) {
      throw authority.refused("it answered with " + answer.contentType() + ", no time stamp", null);
    }
    // lines of any length; the strict decoder then takes nothing but base64
    String text =
        new String(answer.body().toArray(), StandardCharsets.ISO_8859_1)
            .replaceAll("[\\r\\n\\t ]", "");
    try {
      return Bytes.wrap(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw authority.refused("its answer is not base64", e);
    }
  }

  private TimestampReport check(StampJudgement judged, boolean allowSha1) {
    TimestampReport report =
        judged
            .report()
            .orElseThrow(() ->
                authority.refused("its counter-signature is no good: " + judged.detail(), null));
    report.checks().stream()
        .filter(this::objectionable)
        .findFirst()
        .ifPresent(c -> {
          throw authority.refused(
              "its counter-signature is no good (" + c.name().wireName() + "): " + c.detail(),
              null);
        });
    authority.insistOnClock(clock.instant(), report.time());
    boolean weak = report.checks().stream().anyMatch(CounterSignatureClient::weak);
    if (weak && !allowSha1) {
      throw TimestampException.blameless(
          authority.url() + ": it counter-signs with SHA-1, which the provider does not allow");
    }
    return report;
  }

  /** Stricter than a verifier of old files: a warning is a refusal, but for the digest's. */
  private boolean objectionable(Check check) {
    boolean trustUnasked = check.name() == CheckName.CERTIFICATE_PATH && !anchored;
    return check.outcome() == Outcome.FAILED && !trustUnasked && !weak(check);
  }

  /** SHA-1: what many an authority of this protocol has and nothing better. */
  private static boolean weak(Check check) {
    return check.name() == CheckName.ALGORITHMS
        && check.outcome() == Outcome.FAILED
        && !check.required();
  }
}
