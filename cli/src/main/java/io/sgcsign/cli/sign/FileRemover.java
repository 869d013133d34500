// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.cli.files.Draft;
import io.sgcsign.cli.files.Input;
import io.sgcsign.cli.files.Neighbour;
import io.sgcsign.cli.files.TempFiles;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.BiFunction;

/**
 * Takes the signatures off one file: write beside the target, read again from disk, replace. The
 * target is whole at every moment. Thread-safe.
 */
public final class FileRemover {
  private final TempFiles temps;
  private final BiFunction<Artifact, String, SignatureFormat> formats;
  private final VerificationPolicy policy;

  /**
   * @param formats the format of a file by content and name
   * @param policy whoever it trusts: the question is only whether there is a signature
   */
  public FileRemover(
      TempFiles temps,
      BiFunction<Artifact, String, SignatureFormat> formats,
      VerificationPolicy policy) {
    this.temps = temps;
    this.formats = formats;
    this.policy = policy;
  }

  /** Writes {@code input} without signatures to {@code target}. */
  public FileResult remove(Input input, Path target) {
    try (Draft draft = Draft.of(target, temps)) {
      Removed removed = draft(input, draft, target);
      boolean done = removed.status() == FileResult.Status.REMOVED;
      if (done || !target.equals(input.file())) {
        draft.publish(input.file()); // with no file open: Windows replaces only closed ones
      }
      FileResult result = FileResult.of(input.shown(), removed.status()).to(target);
      return done
          ? Neighbour.find(removed.format(), target).map(result::orphaned).orElse(result)
          : result;
    } catch (FailureException e) {
      return FileResult.failed(input.shown(), e.failure());
    } catch (RuntimeException e) {
      return FileResult.failed(input.shown(), FileSigner.failure(e));
    }
  }

  private record Removed(FileResult.Status status, SignatureFormat format) {}

  private Removed draft(Input input, Draft draft, Path target) {
    try (Artifact artifact = Artifact.open(input.file())) {
      SignatureFormat format = formats.apply(artifact, input.shown());
      if (unsigned(format, artifact, input)) {
        if (!target.equals(input.file())) {
          draft.write(artifact);
        }
        return new Removed(FileResult.Status.UNSIGNED, format);
      }
      Patch patch = format.remove(artifact).orElseThrow(() -> cannot(format));
      draft.write(artifact.with(patch));
      try (Artifact onDisk = draft.reopen()) {
        if (!unsigned(format, onDisk, input)) {
          throw new IllegalStateException("There is still a signature in the result");
        }
      }
      return new Removed(FileResult.Status.REMOVED, format);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean unsigned(SignatureFormat format, Artifact artifact, Input input) {
    var options = Options.named(format, artifact, input.shown());
    if (format.verify(artifact, options, policy).status() != Status.UNSIGNED) {
      return false;
    }
    // a part may be signed where the whole is not; scripts, told by their names, have no parts
    return format.recognise(artifact, "").isEmpty() || format.blocks(artifact).isEmpty();
  }

  private static FailureException cannot(SignatureFormat format) {
    return Failure.of(
            ExitCode.NOT_SIGNABLE,
            "The signature cannot be taken off",
            "a signature of format " + format.descriptor().name() + " changes the file for good",
            "Take the file as it was built.")
        .exception();
  }
}
