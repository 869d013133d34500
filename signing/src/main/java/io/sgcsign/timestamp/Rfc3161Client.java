// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.net.RestClient;
import io.sgcsign.net.RestClient.Answer;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.verify.CachedPaths;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.PathFinder;
import io.sgcsign.verify.StampJudgement;
import io.sgcsign.verify.TokenVerifier;
import io.sgcsign.verify.TstInfo;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import java.math.BigInteger;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A time-stamp authority over HTTP (RFC 3161 §3.4), trusted with nothing: a token counts only if it
 * says exactly what was asked, now, under a certificate that is for time stamping only.
 */
public final class Rfc3161Client implements TimestampAuthority {
  /** Bits of chance in the nonce (RFC 3161 §2.4.1 recommends 64). */
  private static final int NONCE_BITS = 64;

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Type", "application/timestamp-query", "Accept", "application/timestamp-reply");
  private static final Bytes CERT_REQ = DerWriter.element(Der.BOOLEAN, Bytes.of((byte) 0xff));

  private final Settings settings;
  private final PathFinder paths;
  private final Correspondence authority;
  private final InstantSource clock;
  private final SecureRandom random;

  /**
   * One authority.
   *
   * @param anchors what its certificate must chain to; empty: any certificate will do
   * @param policy OID of the policy it must stamp under; empty: whichever it likes
   * @param deadline for one token
   */
  public record Settings(
      URI url, Optional<TrustStore> anchors, Optional<String> policy, Duration deadline) {
    /** What an authority takes on a bad day; then the next one is asked. */
    public static final Duration USUAL_DEADLINE = Duration.ofSeconds(10);
  }

  public Rfc3161Client(
      Settings settings, RestClient http, InstantSource clock, SecureRandom random) {
    this.settings = settings;
    this.paths = new CachedPaths(settings.anchors().orElse(TrustStore.of(List.of())));
    this.authority = new Correspondence(settings.url(), http, settings.deadline());
    this.clock = clock;
    this.random = random;
  }

  @Override
  public TimeStampToken stamp(Digest imprint) {
    if (imprint.algorithm() == DigestAlgorithm.SHA1) {
      throw new IllegalArgumentException("Nobody stamps SHA-1 any more");
    }
    var nonce = new BigInteger(NONCE_BITS, random);
    Answer answer = authority.post(request(imprint, nonce), HEADERS);
    try {
      Bytes token = token(answer);
      TstInfo info = check(token, imprint, nonce);
      return new TimeStampToken(token, info.time(), settings.url().toString());
    } catch (DerException e) {
      throw refused("the answer cannot be read: " + e.getMessage(), e);
    }
  }

  private Bytes request(Digest imprint, BigInteger nonce) {
    Bytes algorithm =
        DerWriter.sequence(DerWriter.oid(imprint.algorithm().oid()), DerWriter.nothing());
    return DerWriter.sequence(
        DerWriter.integer(1),
        DerWriter.sequence(algorithm, DerWriter.octetString(imprint.value())),
        settings.policy().map(DerWriter::oid).orElse(Bytes.EMPTY),
        DerWriter.integer(nonce),
        CERT_REQ);
  }

  /** The token of a TimeStampResp (RFC 3161 §2.4.2). */
  private Bytes token(Answer answer) {
    if (!answer.contentType().equals("application/timestamp-reply")) {
      throw refused("it answered with " + answer.contentType() + ", no time stamp", null);
    }
    DerCursor response = Der.checked(answer.body()).sequence();
    DerCursor status = response.next().sequence();
    BigInteger code = status.next().integer();
    if (code.signum() != 0 || !response.hasNext()) {
      throw refused("it refused with status " + code + text(status), null);
    }
    Bytes token = response.next().encoded();
    response.end();
    return token;
  }

  private static String text(DerCursor status) {
    return status
        .optional(Der.SEQUENCE)
        .map(Der::children)
        .filter(DerCursor::hasNext)
        .map(texts -> ": " + printable(texts.next().content().toUtf8()))
        .orElse("");
  }

  /** What comes from outside goes into messages in one short, harmless line. */
  private static String printable(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.substring(0, Math.min(line.length(), 200));
  }

  private TstInfo check(Bytes token, Digest imprint, BigInteger nonce) {
    StampJudgement judged =
        TokenVerifier.judge(
            token, a -> a == imprint.algorithm() ? imprint.value() : Bytes.EMPTY, paths, List.of());
    TstInfo info =
        judged.token().orElseThrow(() -> refused("its token is no good: " + judged.detail(), null));
    judged.report().stream()
        .flatMap(report -> report.checks().stream())
        .filter(this::objectionable)
        .findFirst()
        .ifPresent(c -> {
          throw refused("its token is no good (" + c.name().wireName() + "): " + c.detail(), null);
        });
    if (!info.nonce().equals(Optional.of(nonce))) {
      throw refused("its token has another nonce", null);
    }
    if (settings.policy().isPresent() && !settings.policy().get().equals(info.policy())) {
      throw refused(
          "its token is under the policy " + info.policy() + ", not " + settings.policy().get(),
          null);
    }
    authority.insistOnClock(clock.instant(), info.time());
    return info;
  }

  /** Stricter than a verifier of old files: a warning is a refusal. */
  private boolean objectionable(Check check) {
    boolean trustUnasked =
        check.name() == CheckName.CERTIFICATE_PATH && settings.anchors().isEmpty();
    return check.outcome() == Outcome.FAILED && !trustUnasked;
  }

  private TimestampException refused(String why, @Nullable Throwable cause) {
    return authority.refused(why, cause);
  }
}
