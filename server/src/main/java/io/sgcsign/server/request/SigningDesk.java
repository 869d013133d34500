// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.Assembled;
import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.format.Options;
import io.sgcsign.format.Signed;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.server.ledger.LedgerUnavailableException;
import io.sgcsign.server.ledger.event.SignatureCompleted;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SignerException;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Signs a file that was uploaded: clear, intent, key, time stamp, verify from scratch, complete.
 * Thread-safe.
 */
public final class SigningDesk {
  private final FrontDesk front;
  private final Journal journal;
  private final ReleaseGate gate;
  private final Work work;

  public SigningDesk(
      FrontDesk front, Journal journal, ReleaseGate gate, SignatureAssembler assembler) {
    this.front = front;
    this.journal = journal;
    this.gate = gate;
    this.work = new Work(assembler);
  }

  /**
   * Signs {@code artifact}, which stays open until the caller has read the result.
   *
   * @param digest SHA-256 of the artifact
   */
  public Outcome sign(SignOrder order, IfSigned ifSigned, Artifact artifact, Digest digest) {
    try {
      Clearance clearance = front.clear(order, true);
      Optional<Outcome> early = existing(order, ifSigned, artifact, clearance);
      return early.isPresent()
          ? early.get()
          : new Run(withExisting(order, ifSigned), clearance, artifact, digest).run();
    } catch (Refusal e) {
      return refused(order, e.problem());
    } catch (ArtifactException e) {
      return refused(
          order,
          Problem.of(
              Code.byWireName(e.code()).orElse(Code.ARTIFACT_MALFORMED),
              String.valueOf(e.getMessage()),
              e.hint()));
    } catch (SignerException.Refused e) {
      return refused(order, e.problem());
    } catch (SignerException.Unavailable e) {
      return new Outcome.Refused(order.requestId(), e.problem()); // its intent has its end already
    } catch (LedgerUnavailableException e) {
      return new Outcome.Refused(order.requestId(), Journal.unavailable(e));
    }
  }

  private Outcome refused(SignOrder order, Problem problem) {
    journal.rejected(order, problem);
    return new Outcome.Refused(order.requestId(), problem);
  }

  /** Decides skip and fail once, before anything is signed. */
  private Optional<Outcome> existing(
      SignOrder order, IfSigned ifSigned, Artifact artifact, Clearance clearance) {
    if (ifSigned == IfSigned.APPEND || ifSigned == IfSigned.REPLACE) {
      return Optional.empty();
    }
    CertificateChain chain = clearance.context().chain();
    VerificationReport report = gate.inspect(order, artifact, Optional.empty(), chain);
    if (report.status() == VerificationReport.Status.UNSIGNED) {
      return Optional.empty();
    }
    if (ifSigned == IfSigned.SKIP) {
      return report.valid() && gate.ours(report, chain)
          ? Optional.of(new Outcome.Skipped(order.requestId(), chain))
          : Optional.empty();
    }
    throw Refusal.of(
        Code.ALREADY_SIGNED,
        "The file is signed already by "
            + report.primary().map(VerificationReport.SignatureReport::subject).orElse("somebody"));
  }

  private static SignOrder withExisting(SignOrder order, IfSigned ifSigned) {
    Map<String, String> values = new TreeMap<>(order.options().values());
    values.put(Options.EXISTING, ifSigned == IfSigned.APPEND ? "append" : "replace");
    return order.with(new Options(new TreeMap<>(values)));
  }

  /** One request on its way. Used by one thread. */
  private final class Run implements Signer {
    private final SignOrder order;
    private final Clearance clearance;
    private final Artifact artifact;
    private final Digest digest;
    private final List<Long> intents = new ArrayList<>();
    private final List<Journal.Made> made = new ArrayList<>();
    private Optional<Opening.Answered> replay = Optional.empty();
    private int asks;

    Run(SignOrder order, Clearance clearance, Artifact artifact, Digest digest) {
      this.order = order;
      this.clearance = clearance;
      this.artifact = artifact;
      this.digest = digest;
    }

    @Override
    public SigningContext context() {
      return clearance.context();
    }

    @Override
    public SignatureBlock sign(Imprint imprint) {
      if (!imprint.artifact().equals(digest)) {
        throw new IllegalStateException("The file changed while it was signed");
      }
      int ordinal = asks++;
      ToBeSigned structure = Work.structure(order.format(), imprint, order, clearance.context());
      var ask =
          new Ask(
              order.requestId(),
              order.fileName(),
              ordinal,
              ordinal == 0,
              imprint,
              true,
              order.claim(imprint, ordinal));
      return switch (journal.open(order, List.of(ask), clearance).getFirst()) {
        case Opening.Refused(Problem problem) -> throw new SignerException.Refused(problem);
        case Opening.Answered answered -> {
          replay = Optional.of(answered);
          yield answered.block();
        }
        case Opening.Open(long intent) -> {
          intents.add(intent);
          yield use(intent, structure);
        }
      };
    }

    private SignatureBlock use(long intent, ToBeSigned structure) {
      Work.Result result = work.perform(structure, clearance);
      if (result.problem().isPresent()) {
        journal.ended(order, order.requestId(), intents, result.keyUsed(), result.problem().get());
        intents.clear();
        throw new SignerException.Unavailable(result.problem().get());
      }
      Assembled assembled = result.made().orElseThrow();
      made.add(new Journal.Made(intent, assembled));
      return assembled.block();
    }

    Outcome run() {
      Signed.Patched signed;
      try {
        Options options = order.options().forFile(order.format(), artifact, order.fileName());
        signed =
            switch (order.format().sign(artifact, options, this)) {
              case Signed.Patched patched -> patched;
              case Signed.Detached _ ->
                  throw new IllegalStateException("No format here makes detached signatures");
            };
      } catch (RuntimeException e) {
        // whatever it was: signatures made so far never leave, and the ledger says so
        abandon(Problem.of(Code.INTERNAL, String.valueOf(e.getMessage())));
        throw e;
      }
      return release(signed);
    }

    private Outcome release(Signed.Patched result) {
      Artifact signed = artifact.with(result.patch());
      Optional<Artifact> beside = result.beside().map(b -> Artifact.of(b.bytes()));
      Optional<Problem> fault = gate.refuses(order, clearance, signed, beside, made);
      if (fault.isPresent()) {
        abandon(fault.get());
        return new Outcome.Refused(order.requestId(), fault.get());
      }
      List<String> warnings = clearance.warningsFor(made);
      if (made.isEmpty() && replay.isPresent()) {
        return new Outcome.Signed(
            replay.get().requestId(),
            result.patch(),
            result.beside(),
            clearance.context().chain(),
            replay.get().logIndex(),
            warnings,
            true);
      }
      long index =
          journal.completed(
              order,
              new Journal.Completion(
                  order.requestId(),
                  made,
                  Optional.of(signed.digest(DigestAlgorithm.SHA256)),
                  result
                      .beside()
                      .map(
                          b -> new SignatureCompleted.Beside(b.suffix(), Digest.sha256(b.bytes()))),
                  warnings));
      return new Outcome.Signed(
          order.requestId(),
          result.patch(),
          result.beside(),
          clearance.context().chain(),
          index,
          warnings,
          false);
    }

    private void abandon(Problem problem) {
      if (!intents.isEmpty()) {
        journal.ended(order, order.requestId(), intents, true, problem);
        intents.clear();
      }
    }
  }
}
