// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import io.sgcsign.verify.VerificationPolicy.StampTrust;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Status;
import io.sgcsign.verify.VerificationReport.TimestampReport;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All time stamps of one signature together.
 *
 * @param status what they do to the signature
 * @param report of the one that counts, else of the first that could be read
 * @param time what it proves; empty: nothing
 */
record StampCheck(
    Check check, Status status, Optional<TimestampReport> report, Optional<Instant> time) {
  private static final StampCheck NONE =
      new StampCheck(
          Check.skipped(CheckName.TIMESTAMP, "There is no time stamp"),
          Status.VALID,
          Optional.empty(),
          Optional.empty());

  /** A signature has one, at most one of each kind. */
  private static final int MAX_STAMPS = 8;

  /** How far an authority's clock may be ahead of ours. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  /**
   * @param counters counter-signatures that are time stamps
   */
  static StampCheck of(
      SignerInfo signer,
      List<Bytes> counters,
      List<X509Certificate> pool,
      PathFinder paths,
      VerificationPolicy policy) {
    List<Bytes> tokens =
        concat(signer.unsigned(Oids.MICROSOFT_TIME_STAMP), signer.unsigned(Oids.TIME_STAMP_TOKEN));
    int count = tokens.size() + counters.size();
    if (count == 0) {
      return NONE;
    }
    if (count > MAX_STAMPS) {
      return refused("More than " + MAX_STAMPS + " time stamps", Status.INVALID, Optional.empty());
    }
    var judged = new ArrayList<StampJudgement>();
    for (Bytes token : tokens) {
      // a token brings its own certificates: those around it are no part of it
      judged.add(
          TokenVerifier.judge(
              token, a -> Digest.of(a, signer.value()).value(), paths, policy.intermediates()));
    }
    for (Bytes counter : counters) {
      judged.add(CounterSignature.judge(counter, signer.value(), paths, pool));
    }
    return of(judged, policy);
  }

  /**
   * The same for a signature that is no SignerInfo.
   *
   * @param value of the signature: what tokens stamp
   */
  static StampCheck of(
      List<Bytes> tokens, Bytes value, PathFinder paths, VerificationPolicy policy) {
    if (tokens.isEmpty()) {
      return NONE;
    }
    if (tokens.size() > 1) {
      return refused("There is more than one time stamp", Status.INVALID, Optional.empty());
    }
    StampJudgement only =
        TokenVerifier.judge(
            tokens.getFirst(), a -> Digest.of(a, value).value(), paths, policy.intermediates());
    return of(List.of(only), policy);
  }

  private static List<Bytes> concat(List<Bytes> first, List<Bytes> second) {
    var out = new ArrayList<>(first);
    out.addAll(second);
    return out;
  }

  private static StampCheck of(List<StampJudgement> stamps, VerificationPolicy policy) {
    Optional<TimestampReport> first = stamps.stream().flatMap(s -> s.report().stream()).findFirst();
    Optional<StampJudgement> broken = stamps.stream().filter(s -> !s.sound()).findFirst();
    if (broken.isPresent()) {
      return refused(broken.get().detail(), Status.INVALID, first);
    }
    Instant latest = policy.time().plus(SKEW);
    if (stamps.stream().flatMap(s -> s.report().stream()).anyMatch(r -> r.time().isAfter(latest))) {
      return refused("It is later than the time asked about", Status.INVALID, first);
    }
    Optional<StampJudgement> untrusted = stamps.stream().filter(s -> !s.valid()).findFirst();
    if (untrusted.isPresent() && policy.stamps() == StampTrust.REQUIRED) {
      return refused(untrusted.get().detail(), Status.UNTRUSTED, first);
    }
    Optional<TimestampReport> good =
        stamps.stream().filter(StampJudgement::valid).flatMap(s -> s.report().stream()).findFirst();
    Check check =
        untrusted
            .map(u -> Check.warned(CheckName.TIMESTAMP, "It does not count: " + u.detail()))
            .orElse(Check.passed(CheckName.TIMESTAMP));
    return new StampCheck(
        check, Status.VALID, good.or(() -> first), good.map(TimestampReport::time));
  }

  private static StampCheck refused(
      String detail, Status status, Optional<TimestampReport> report) {
    return new StampCheck(
        Check.failed(CheckName.TIMESTAMP, detail), status, report, Optional.empty());
  }
}
