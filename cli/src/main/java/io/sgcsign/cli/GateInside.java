// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.GateVerdict.Kind;
import io.sgcsign.cli.GateVerdict.Reason;
import io.sgcsign.container.NestedFiles;
import io.sgcsign.container.Spool;
import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.format.Formats;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for programs inside a file and says which are not signed. Who signed them is not asked:
 * what a release brings along is mostly signed by others.
 */
final class GateInside implements NestedFiles.Visitor {
  /** Kinds that run or install something; whether data is signed is no question of a gate. */
  private static final Set<String> PROGRAMS =
      Set.of("pe", "burn", "msi", "msp", "msm", "msix", "msixbundle");

  /** First bytes of a PE file (with its stub for DOS) and of a compound file. */
  private static final List<Bytes> BEGINNINGS =
      List.of(Bytes.utf8("MZ"), Bytes.fromHex("d0cf11e0a1b11ae1"), Bytes.utf8("PK"));

  private final VerificationPolicy policy;
  private final List<GateVerdict> verdicts = new ArrayList<>();

  private GateInside(VerificationPolicy policy) {
    this.policy = policy;
  }

  /** What is to be said of the programs in {@code artifact}. */
  static List<GateVerdict> verdicts(
      Artifact artifact, String name, VerificationPolicy policy, Spool spool) {
    var inside = new GateInside(policy);
    NestedFiles.walk(artifact, name, spool, inside);
    return inside.verdicts;
  }

  @Override
  public boolean wants(Bytes head) {
    return BEGINNINGS.stream()
        .anyMatch(b -> head.size() >= b.size() && head.slice(0, b.size()).equals(b));
  }

  @Override
  public void file(String path, Artifact artifact) {
    try {
      program(artifact)
          .map(f -> f.verify(artifact, Optional.empty(), policy))
          .ifPresent(report ->
              verdicts.add(new GateVerdict(path, objections(report), Optional.of(report))));
    } catch (ArtifactException e) {
      closed(path, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<SignatureFormat> program(Artifact artifact) {
    for (SignatureFormat format : Formats.ALL) {
      Optional<FormatDescriptor.Kind> kind = format.recognise(artifact, "");
      if (kind.isPresent()) {
        return kind.filter(k -> PROGRAMS.contains(k.name())).map(_ -> format);
      }
    }
    return Optional.empty();
  }

  private static List<Reason> objections(VerificationReport report) {
    if (report.status() == Status.UNSIGNED) {
      return List.of(new Reason(Kind.UNSIGNED, "it has no signature"));
    }
    return report.status() == Status.INVALID || report.status() == Status.REVOKED
        ? List.of(
            new Reason(Kind.INVALID, "it is " + report.status().wireName() + GateRules.why(report)))
        : List.of();
  }

  @Override
  public void closed(String path, String why) {
    verdicts.add(
        new GateVerdict(path, List.of(new Reason(Kind.UNREADABLE, why)), Optional.empty()));
  }
}
