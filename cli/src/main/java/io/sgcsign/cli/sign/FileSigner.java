// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.cli.files.Delivery;
import io.sgcsign.cli.files.Input;
import io.sgcsign.cli.files.Neighbour;
import io.sgcsign.cli.files.TempFiles;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.format.OptionException;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.DistinguishedName;
import io.sgcsign.signature.SignerException;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Signs one file: hash, ask, write beside the target, read again from disk and verify, replace. The
 * target is whole at every moment. Thread-safe.
 */
public final class FileSigner {
  private final Lanes lanes;
  private final Turns turns;
  private final TempFiles temps;
  private final BiFunction<Artifact, String, SignatureFormat> formats;
  private final List<X509Certificate> anchors;
  private final InstantSource clock;
  private final boolean digests;

  /**
   * @param formats the format of a file by content and name
   * @param anchors whom to trust besides the provider's own chain
   * @param digests whether results tell the digest of the output, which costs another pass
   */
  public FileSigner(
      Lanes lanes,
      Turns turns,
      TempFiles temps,
      BiFunction<Artifact, String, SignatureFormat> formats,
      List<X509Certificate> anchors,
      InstantSource clock,
      boolean digests) {
    this.lanes = lanes;
    this.turns = turns;
    this.temps = temps;
    this.formats = formats;
    this.anchors = List.copyOf(anchors);
    this.clock = clock;
    this.digests = digests;
  }

  /** What a lane made of a file. */
  private record Made(
      int signatures, Optional<String> requestId, Optional<Long> logIndex, List<String> warnings) {
    Made {
      warnings = List.copyOf(warnings);
    }
  }

  /** Signs {@code input} into {@code target}. Whatever goes wrong is in the result. */
  public FileResult sign(Input input, Path target) {
    try {
      return turns.during(() -> attempt(input, target, true));
    } catch (FailureException e) {
      return FileResult.failed(input.shown(), e.failure());
    } catch (SignerException.Pending e) {
      return FileResult.pending(input.shown(), e.requestId());
    } catch (RuntimeException e) {
      return FileResult.failed(input.shown(), failure(e));
    }
  }

  /** What a person is told of an error that concerns one file. */
  static Failure failure(RuntimeException error) {
    return switch (error) {
      case SignerException.Refused e -> Failure.of(e.problem());
      case SignerException.Unavailable e -> Failure.of(e.problem());
      case ArtifactException e ->
          Failure.of(
              Problem.of(
                  Code.byWireName(e.code()).orElse(Code.ARTIFACT_MALFORMED),
                  String.valueOf(e.getMessage()),
                  e.hint()));
      case OptionException e ->
          Failure.of(Problem.of(Code.OPTION_INVALID, String.valueOf(e.getMessage())));
      case UncheckedIOException e ->
          Failure.of(
              ExitCode.NOT_SIGNABLE,
              "The file cannot be read",
              String.valueOf(e.getCause()),
              "Check the disk and permissions.");
      default ->
          Failure.of(
              ExitCode.UNEXPECTED,
              "An error of sgcsign itself",
              error.toString(),
              "Report this with the output of the same command and -v.");
    };
  }

  private FileResult attempt(Input input, Path target, boolean first) {
    Lane lane = null;
    try (Delivery delivery = Delivery.to(target, temps)) {
      FileResult result;
      try (Artifact artifact = open(input)) {
        SignatureFormat format = formats.apply(artifact, input.shown());
        lane = lanes.lane(format, format.recognise(artifact, input.shown()));
        result = draft(lane, input, artifact, target, delivery);
      }
      if (result.status() == FileResult.Status.SIGNED || !target.equals(input.file())) {
        // with no file open: Windows replaces only closed ones
        delivery.publish(input.file(), turns::aside);
      }
      return delivery.besideTarget().isPresent() ? result : stale(lane, result, target);
    } catch (SignerException.Refused e) {
      if (first && lane != null && e.problem().code() == Code.SIGNER_CHANGED) {
        lanes.renew(lane);
        return attempt(input, target, false);
      }
      throw e;
    } catch (FailureException e) {
      if (first
          && lane != null
          && lane.way() instanceof Lane.Way.Hash
          && e.failure().code().equals(Optional.of(Code.HASH_NOT_ALLOWED))) {
        lanes.upload(lane);
        return attempt(input, target, false);
      }
      throw e;
    }
  }

  /** Says so if beside the new file lies one of the old. */
  private static FileResult stale(Lane lane, FileResult result, Path target) {
    return result.status() == FileResult.Status.SIGNED
        ? Neighbour.find(lane.format(), target).map(result::orphaned).orElse(result)
        : result;
  }

  private static Artifact open(Input input) {
    try {
      return Artifact.open(input.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FileResult draft(
      Lane lane, Input input, Artifact artifact, Path target, Delivery delivery) {
    var recheck = new Recheck(lane.way().chain(), anchors);
    VerificationPolicy policy = recheck.policy(clock.instant().plus(lane.ahead()));
    if (skips(lane, input, artifact, recheck, policy)) {
      if (!target.equals(input.file())) {
        delivery.file().write(artifact, turns::aside);
        bring(lane, input, delivery);
      }
      return result(input, FileResult.Status.SKIPPED, lane.way().chain(), target, artifact, NONE)
          .with(delivery.besideTarget());
    }
    Made made =
        switch (lane.way()) {
          case Lane.Way.Hash hash -> byHash(lane, hash, input, artifact, delivery);
          case Lane.Way.Upload _ -> byUpload(lane, input, artifact, delivery);
        };
    try (Artifact onDisk = delivery.file().reopen();
        Neighbour beside = delivery.reopenBeside()) {
      var options = lane.options().forFile(lane.format(), onDisk, input.shown());
      VerificationReport report = lane.format().verify(onDisk, beside.artifact(), options, policy);
      Optional<String> fault =
          recheck.refuses(report, made.signatures(), lanes.order().mustBeStamped());
      if (fault.isPresent()) {
        throw notGood(input, fault.get(), made);
      }
      return result(input, FileResult.Status.SIGNED, lane.way().chain(), target, onDisk, made)
          .with(delivery.besideTarget());
    } catch (ArtifactException e) {
      throw notGood(input, String.valueOf(e.getMessage()), made);
    }
  }

  /** Takes the file beside along, too. */
  private static void bring(Lane lane, Input input, Delivery delivery) {
    try (Neighbour beside = Neighbour.of(lane.format(), input.file())) {
      if (beside.artifact().isPresent()) {
        String suffix = lane.format().companion().orElseThrow();
        delivery.beside(suffix).write(beside.artifact().get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final Made NONE = new Made(0, Optional.empty(), Optional.empty(), List.of());

  private static FailureException notGood(Input input, String why, Made made) {
    return new Failure(
            ExitCode.INVALID,
            "The signed file did not verify; " + input.shown() + " is untouched",
            why,
            "Check that nothing writes to the file meanwhile; else report this.",
            Optional.of(Code.VERIFICATION_FAILED),
            made.requestId())
        .exception();
  }

  private boolean skips(
      Lane lane, Input input, Artifact artifact, Recheck recheck, VerificationPolicy policy) {
    IfSigned rule = lanes.order().ifSigned();
    if (rule != IfSigned.FAIL && rule != IfSigned.SKIP) {
      return false;
    }
    var options = lane.options().forFile(lane.format(), artifact, input.shown());
    VerificationReport report;
    try (Neighbour beside = Neighbour.of(lane.format(), input.file())) {
      report = lane.format().verify(artifact, beside.artifact(), options, policy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (report.status() == VerificationReport.Status.UNSIGNED) {
      return false;
    }
    if (rule == IfSigned.SKIP) {
      return recheck.good(report);
    }
    throw Failure.of(
            Problem.of(
                Code.ALREADY_SIGNED,
                "It carries a signature of "
                    + report
                        .primary()
                        .map(VerificationReport.SignatureReport::subject)
                        .orElse("somebody"),
                "Choose --if-signed skip, append or replace."))
        .exception();
  }

  private Made byHash(
      Lane lane, Lane.Way.Hash hash, Input input, Artifact artifact, Delivery delivery) {
    var signer =
        new RemoteSigner(
            lanes.order(), lane.options(), hash.context(), hash.queue(), turns, input.shown());
    var options = lane.options().forFile(lane.format(), artifact, input.shown());
    switch (lane.format().sign(artifact, options, signer)) {
      case Signed.Patched(Patch patch, Optional<Signed.Companion> beside) -> {
        delivery.file().write(artifact.with(patch), turns::aside);
        beside.ifPresent(b -> delivery.beside(b.suffix()).write(Artifact.of(b.bytes())));
      }
      case Signed.Detached _ ->
          throw new IllegalStateException("No format here makes detached signatures");
    }
    return new Made(expected(lane), signer.requestId(), signer.logIndex(), signer.warnings());
  }

  private Made byUpload(Lane lane, Input input, Artifact artifact, Delivery delivery) {
    var uploaded =
        new UploadCall(lanes.api(), lanes.order()).sign(lane, artifact, input.shown(), delivery);
    return new Made(expected(lane), uploaded.requestId(), uploaded.logIndex(), uploaded.warnings());
  }

  /** Signatures of ours that the file has at least; one may take several uses of the key. */
  private static int expected(Lane lane) {
    return Math.max(1, lane.options().choices("hash").size());
  }

  private FileResult result(
      Input input,
      FileResult.Status status,
      CertificateChain chain,
      Path target,
      Artifact output,
      Made made) {
    return new FileResult(
        input.shown(),
        status,
        Optional.of(target.toString()),
        made.requestId(),
        made.logIndex(),
        Optional.of(DistinguishedName.format(chain.leaf().getSubjectX500Principal())),
        digests
            ? Optional.of(output.digest(DigestAlgorithm.SHA256).value().toHex())
            : Optional.empty(),
        made.warnings(),
        Optional.empty(),
        Optional.empty());
  }
}
