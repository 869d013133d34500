// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.api.ApiClient;
import io.sgcsign.cli.api.Call;
import io.sgcsign.cli.api.Providers;
import io.sgcsign.cli.files.Draft;
import io.sgcsign.cli.files.TempFiles;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.log.ProofException;
import io.sgcsign.log.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** Fetches the proofs that signatures are in the log. Thread-safe. */
public final class Receipts {
  /** How their names end. */
  public static final String SUFFIX = ".tlog-proof";

  private final ApiClient api;
  private final TempFiles temps;

  public Receipts(ApiClient api, TempFiles temps) {
    this.api = api;
    this.temps = temps;
  }

  /**
   * Keeps the proof for a file that was signed, named after it.
   *
   * @param place in whose folder it goes; empty: beside the file
   */
  public FileResult keep(FileResult result, Optional<Path> place) {
    if (result.status() != FileResult.Status.SIGNED || result.requestId().isEmpty()) {
      return result;
    }
    Path output = Path.of(result.output().orElseThrow());
    try {
      fetch(
          result.requestId().get(),
          place.orElse(output).resolveSibling(output.getFileName() + SUFFIX));
      return result;
    } catch (FailureException e) {
      return result.with(e.failure());
    }
  }

  /** Writes the proof of {@code requestId} to {@code target}; it is well-formed, not verified. */
  public void fetch(String requestId, Path target) {
    Bytes proof = Bytes.utf8(get(requestId));
    try (Draft draft = Draft.of(target, temps)) {
      draft.write(proof::writeTo);
      draft.publish(draft.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The proof as text. */
  public String get(String requestId) {
    String text =
        api.text(Call.get("/api/v1/requests/" + Providers.encode(requestId) + "/receipt"));
    try {
      var _ = Receipt.parse(Bytes.utf8(text));
      return text;
    } catch (ProofException e) {
      throw Failure.of(
              ExitCode.UNEXPECTED,
              "The server's receipt of " + requestId + " cannot be read",
              String.valueOf(e.getMessage()),
              "Update sgcsign and the server to the same version.")
          .exception();
    }
  }
}
