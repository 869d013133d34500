// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.cli.files.Input;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.cli.sign.FileResult;
import io.sgcsign.format.SignatureFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Tells what would be signed, without a server.
 *
 * @param kindSaid whether the caller says what the files are, which content need not tell then
 */
record DryRun(BiFunction<Artifact, String, SignatureFormat> formats, boolean kindSaid) {

  List<FileResult> plan(List<Input> inputs, List<Path> targets) {
    var results = new ArrayList<FileResult>();
    for (int i = 0; i < inputs.size(); i++) {
      results.add(plan(inputs.get(i), targets.get(i)));
    }
    return results;
  }

  private FileResult plan(Input input, Path target) {
    try (Artifact artifact = Artifact.open(input.file())) {
      SignatureFormat format = formats.apply(artifact, input.shown());
      if (!kindSaid && format.recognise(artifact, input.shown()).isEmpty()) {
        return FileResult.failed(
            input.shown(), unreadable("It is not of the format " + format.descriptor().name()));
      }
      return FileResult.planned(input.shown(), target);
    } catch (FailureException e) {
      return FileResult.failed(input.shown(), e.failure());
    } catch (ArtifactException | IOException | UncheckedIOException e) {
      return FileResult.failed(input.shown(), unreadable(String.valueOf(e.getMessage())));
    }
  }

  private static Failure unreadable(String why) {
    return Failure.of(
        ExitCode.NOT_SIGNABLE, "The file cannot be signed", why, "Check file and format.");
  }
}
