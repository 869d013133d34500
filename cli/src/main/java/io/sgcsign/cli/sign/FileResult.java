// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of one file.
 *
 * @param name as the user knows it
 * @param output where the result is
 * @param subject of the signing certificate
 * @param sha256 of the output, if it was asked for
 * @param beside where the file is that goes beside the output
 * @param failure with {@link Status#SIGNED}: the signature is there, but its receipt is not
 */
public record FileResult(
    String name,
    Status status,
    Optional<String> output,
    Optional<String> requestId,
    Optional<Long> logIndex,
    Optional<String> subject,
    Optional<String> sha256,
    List<String> warnings,
    Optional<String> beside,
    Optional<Failure> failure) {
  public FileResult {
    warnings = List.copyOf(warnings);
  }

  /** How it ended. */
  public enum Status {
    SIGNED,
    /** Carried a good signature of this key already. */
    SKIPPED,
    /** Waits for approval. */
    PENDING,
    FAILED,
    /** Would be signed; this is a dry run. */
    PLANNED,
    /** Its signatures were taken off. */
    REMOVED,
    /** There was no signature to take off. */
    UNSIGNED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static FileResult of(String name, Status status) {
    return new FileResult(
        name,
        status,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  public static FileResult failed(String name, Failure failure) {
    return of(name, Status.FAILED).with(failure);
  }

  static FileResult pending(String name, String requestId) {
    return new FileResult(
        name,
        Status.PENDING,
        Optional.empty(),
        Optional.of(requestId),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** It would go to {@code target}. */
  public static FileResult planned(String name, Path target) {
    return of(name, Status.PLANNED).to(target);
  }

  FileResult to(Path target) {
    return new FileResult(
        name,
        status,
        Optional.of(target.toString()),
        requestId,
        logIndex,
        subject,
        sha256,
        warnings,
        beside,
        failure);
  }

  FileResult with(Failure why) {
    return new FileResult(
        name,
        status,
        output,
        requestId.or(why::requestId),
        logIndex,
        subject,
        sha256,
        warnings,
        beside,
        Optional.of(why));
  }

  /** With a file beside the output. */
  FileResult with(Optional<Path> place) {
    return new FileResult(
        name,
        status,
        output,
        requestId,
        logIndex,
        subject,
        sha256,
        warnings,
        place.map(Path::toString),
        failure);
  }

  /** Beside the output lies a file of the signature it had before. */
  FileResult orphaned(Path neighbour) {
    String warning = neighbour.getFileName() + " beside it is of an earlier signature: delete it";
    var all = new ArrayList<>(warnings);
    all.add(warning);
    return new FileResult(
        name, status, output, requestId, logIndex, subject, sha256, all, beside, failure);
  }

  /** What this file alone comes to. */
  public ExitCode exit() {
    return switch (status) {
      case PENDING -> ExitCode.PENDING;
      case SIGNED, SKIPPED, PLANNED, REMOVED, UNSIGNED, FAILED ->
          failure
              .map(Failure::exit)
              .orElse(status == Status.FAILED ? ExitCode.UNEXPECTED : ExitCode.OK);
    };
  }
}
