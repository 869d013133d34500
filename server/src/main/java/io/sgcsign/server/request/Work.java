// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.assembly.Assembled;
import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.key.KeyException;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.timestamp.TimestampException;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.util.Optional;
import java.util.function.Function;

/** Uses the key once for an open intent, and says what came of it. */
final class Work {
  private static final int RETRY_SECONDS = 5;

  private final SignatureAssembler assembler;

  Work(SignatureAssembler assembler) {
    this.assembler = assembler;
  }

  /**
   * How it ended.
   *
   * @param made what the assembler made
   * @param problem why there is nothing
   * @param keyUsed whether the key may have been used
   */
  record Result(Optional<Assembled> made, Optional<Problem> problem, boolean keyUsed) {
    private static Result failed(Problem problem, boolean keyUsed) {
      return new Result(Optional.empty(), Optional.of(problem), keyUsed);
    }
  }

  /** Builds the structure; throws what the format throws for a bad imprint. */
  static ToBeSigned structure(
      SignatureFormat format, Imprint imprint, SignOrder order, SigningContext context) {
    return format.toBeSigned(imprint, order.options(), context);
  }

  Result perform(ToBeSigned structure, Clearance clearance) {
    try {
      Function<SigningContext, ToBeSigned> same = context -> structure;
      Assembled made =
          assembler.assemble(same, clearance.context(), clearance.key(), clearance.stamping());
      return new Result(Optional.of(made), Optional.empty(), true);
    } catch (KeyException e) {
      var problem = Problem.of(Code.PROVIDER_UNAVAILABLE, String.valueOf(e.getMessage()), e.hint());
      return Result.failed(e.retryable() ? problem.retryAfter(RETRY_SECONDS) : problem, false);
    } catch (TimestampException e) {
      return Result.failed(
          Problem.of(Code.TSA_UNAVAILABLE, String.valueOf(e.getMessage()))
              .retryAfter(RETRY_SECONDS),
          true);
    }
  }
}
