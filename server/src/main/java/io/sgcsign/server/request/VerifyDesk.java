// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.format.Formats;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.pki.Digest;
import io.sgcsign.server.ledger.Entry;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.ledger.LedgerUnavailableException;
import io.sgcsign.server.ledger.event.VerifyPerformed;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Judges signed files and records that it did. Thread-safe. */
public final class VerifyDesk {
  private final Anchors anchors;
  private final List<X509Certificate> systemAnchors;
  private final Ledger ledger;

  public VerifyDesk(Anchors anchors, List<X509Certificate> systemAnchors, Ledger ledger) {
    this.anchors = anchors;
    this.systemAnchors = List.copyOf(systemAnchors);
    this.ledger = ledger;
  }

  /** Whom to trust. */
  public enum Trust {
    SERVER,
    SYSTEM,
    NONE
  }

  /**
   * What is to be judged.
   *
   * @param format empty: found out by content
   * @param time the time asked about
   */
  public record Order(
      String requestId,
      String by,
      String peer,
      Optional<SignatureFormat> format,
      Trust trust,
      Instant time,
      String fileName) {}

  /**
   * A report is an answer whatever it says; a file no format knows is refused.
   *
   * @param companion the file that goes beside it
   */
  public VerificationReport verify(
      Order order, Artifact artifact, Optional<Artifact> companion, Digest digest) {
    SignatureFormat format = order.format().orElseGet(() -> recognise(artifact, order.fileName()));
    Options options = Options.named(format, artifact, order.fileName());
    if (companion.isPresent() && format.companion().isEmpty()) {
      throw new RefusedException(
          Problem.of(
              Code.FIELD_INVALID,
              "Beside a file of the format " + format.descriptor().name() + " there is no other"));
    }
    VerificationReport report = format.verify(artifact, companion, options, policy(order));
    record(order, format, digest, report);
    return report;
  }

  private static SignatureFormat recognise(Artifact artifact, String name) {
    return Formats.ALL.stream()
        .filter(f -> f.recognise(artifact, name).isPresent())
        .findFirst()
        .orElseThrow(() ->
            new RefusedException(
                Problem.of(Code.ARTIFACT_UNRECOGNISED, "No format of this server knows the file")));
  }

  private VerificationPolicy policy(Order order) {
    return switch (order.trust()) {
      case SERVER -> anchors.policy(order.time());
      case SYSTEM ->
          new VerificationPolicy(systemAnchors, List.of(), order.time(), Set.of(), List.of());
      case NONE -> new VerificationPolicy(List.of(), List.of(), order.time(), Set.of(), List.of());
    };
  }

  private void record(
      Order order, SignatureFormat format, Digest digest, VerificationReport report) {
    var event =
        new VerifyPerformed(
            digest,
            format.descriptor().name(),
            report.status().wireName(),
            Optional.of(order.fileName()),
            Optional.of(order.peer()));
    try {
      var _ = ledger.append(List.of(Entry.of(event, order.by()).inRequest(order.requestId())));
    } catch (LedgerUnavailableException e) {
      throw new RefusedException(Journal.unavailable(e));
    }
  }
}
