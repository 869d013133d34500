// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.Assembled;
import io.sgcsign.assembly.Stamping;
import io.sgcsign.format.Options;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.verify.BlockVerifier;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Nothing is released before our verifier has read it again from scratch. Thread-safe. */
public final class ReleaseGate {
  private final Anchors anchors;
  private final BlockVerifier blocks;
  private final InstantSource clock;

  public ReleaseGate(Anchors anchors, BlockVerifier blocks, InstantSource clock) {
    this.anchors = anchors;
    this.blocks = blocks;
    this.clock = clock;
  }

  /**
   * What a file carries.
   *
   * @param beside the file that goes beside it
   */
  VerificationReport inspect(
      SignOrder order, Artifact artifact, Optional<Artifact> beside, CertificateChain chain) {
    Options options = order.options().forFile(order.format(), artifact, order.fileName());
    return order.format().verify(artifact, beside, options, policy(chain));
  }

  /** Whether the primary signature was made with the key of {@code chain}. */
  boolean ours(VerificationReport report, CertificateChain chain) {
    return report
        .primary()
        .map(p -> p.thumbprint().equals(Optional.of(chain.fingerprint())))
        .orElse(false);
  }

  /** Why the signed file must not leave; empty: it may. */
  Optional<Problem> refuses(
      SignOrder order,
      Clearance clearance,
      Artifact signed,
      Optional<Artifact> beside,
      List<Journal.Made> made) {
    CertificateChain chain = clearance.context().chain();
    try {
      VerificationReport report = inspect(order, signed, beside, chain);
      boolean stamped = !made.isEmpty() && clearance.stamping() instanceof Stamping.Required;
      long ours =
          report.signatures().stream()
              .filter(s -> s.thumbprint().equals(Optional.of(chain.fingerprint())))
              .filter(s -> s.status() == VerificationReport.Status.VALID)
              .filter(s -> !stamped || s.timestamp().isPresent())
              .count();
      boolean whole = report.fileChecks().stream().noneMatch(VerificationReport.Check::refuses);
      long wanted = Math.max(Math.max(1, order.hashes().size()), signatures(made));
      return whole && ours >= wanted
          ? Optional.empty()
          : Optional.of(
              Problem.of(
                  Code.VERIFICATION_FAILED,
                  "The new signature did not verify: " + reasons(report)));
    } catch (ArtifactException e) {
      return Optional.of(
          Problem.of(
              Code.VERIFICATION_FAILED, "The signed file cannot be read: " + e.getMessage()));
    }
  }

  /**
   * How many signatures of the file were made. A manifest takes two XML signatures, of which one
   * can carry a stamp; what else is signed along with it lies inside, where file checks look.
   */
  private static long signatures(List<Journal.Made> made) {
    long xml =
        made.stream()
            .map(Journal.Made::assembled)
            .filter(a -> a.stampable() && a.block() instanceof SignatureBlock.Xml)
            .count();
    return xml > 0 ? xml : made.size();
  }

  /** Why the block must not leave; empty: it may. */
  Optional<Problem> refuses(
      SignOrder order, ToBeSigned structure, Assembled made, Clearance clearance) {
    BlockVerifier.StampRule stamp =
        switch (clearance.stamping()) {
          case Stamping.None _ -> BlockVerifier.StampRule.FORBIDDEN;
          case Stamping.IfPossible _ -> BlockVerifier.StampRule.ALLOWED;
          case Stamping.Required _ -> BlockVerifier.StampRule.REQUIRED;
        };
    var rules = new BlockVerifier.Rules(usage(order), stamp);
    return switch (blocks.verify(structure, made.block(), clearance.context(), rules)) {
      case BlockVerifier.Result.Good _ -> Optional.empty();
      case BlockVerifier.Result.Bad(String reason) ->
          Optional.of(
              Problem.of(Code.VERIFICATION_FAILED, "The new signature did not verify: " + reason));
    };
  }

  private static Set<String> usage(SignOrder order) {
    return order.format().descriptor().codeSigning()
        ? Set.of(VerificationPolicy.CODE_SIGNING)
        : Set.of();
  }

  /** The anchor is the provider's own chain, so a self-signed key works. */
  private VerificationPolicy policy(CertificateChain chain) {
    X509Certificate top = Anchors.top(chain);
    VerificationPolicy server = anchors.policy(clock.instant());
    var all = new ArrayList<>(server.anchors());
    all.add(top);
    return new VerificationPolicy(
        all,
        List.of(top),
        server.time(),
        Set.of(),
        chain.certificates(),
        VerificationPolicy.StampTrust.OPTIONAL);
  }

  private static String reasons(VerificationReport report) {
    String failed =
        report.signatures().stream()
            .flatMap(s -> s.checks().stream())
            .filter(VerificationReport.Check::refuses)
            .map(c -> c.name().wireName() + " " + c.detail())
            .collect(Collectors.joining("; "));
    String file =
        report.fileChecks().stream()
            .filter(VerificationReport.Check::refuses)
            .map(c -> c.name().wireName() + " " + c.detail())
            .collect(Collectors.joining("; "));
    return report.status().wireName() + " " + failed + " " + file;
  }
}
