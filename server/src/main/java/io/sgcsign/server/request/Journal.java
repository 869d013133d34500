// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.assembly.Assembled;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.server.ledger.Answer;
import io.sgcsign.server.ledger.Appended;
import io.sgcsign.server.ledger.Condition;
import io.sgcsign.server.ledger.Decision;
import io.sgcsign.server.ledger.Entry;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.ledger.LedgerUnavailableException;
import io.sgcsign.server.ledger.Recorded;
import io.sgcsign.server.ledger.event.Event;
import io.sgcsign.server.ledger.event.RequestRejected;
import io.sgcsign.server.ledger.event.RequestSubmitted;
import io.sgcsign.server.ledger.event.SignatureCompleted;
import io.sgcsign.server.ledger.event.SignatureDiscarded;
import io.sgcsign.server.ledger.event.SignatureFailed;
import io.sgcsign.server.ledger.event.SignatureIntended;
import io.sgcsign.server.view.ApiKeysView;
import io.sgcsign.server.view.Idempotency;
import io.sgcsign.server.view.RequestRow;
import io.sgcsign.server.view.RequestsView;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes what the signing desks do into the ledger, in the order the promise needs. */
public final class Journal {
  private static final int RETRY_SECONDS = 2;

  private final Ledger ledger;

  public Journal(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A signature that was made for an intent. */
  record Made(long intent, Assembled assembled) {
    Bytes block() {
      return switch (assembled.block()) {
        case SignatureBlock.Cms cms -> cms.der();
        case SignatureBlock.Xml xml -> xml.value();
        case SignatureBlock.Value value -> value.value();
      };
    }

    /** What a replay needs besides the block. */
    private Answer answer() {
      return new Answer(intent, AnswerInfo.of(assembled.block()), block());
    }

    private SignatureCompleted.Made recorded() {
      return new SignatureCompleted.Made(
          intent,
          Digest.sha256(block()),
          assembled
              .token()
              .map(t ->
                  new SignatureCompleted.Stamp(
                      Digest.sha256(t.der()), t.time(), t.authority(), t.protocol())));
    }
  }

  /** The good end of all intents of a request. */
  record Completion(
      String requestId,
      List<Made> made,
      Optional<Digest> signed,
      Optional<SignatureCompleted.Beside> beside,
      List<String> warnings) {
    Completion {
      made = List.copyOf(made);
      warnings = List.copyOf(warnings);
    }
  }

  /** Why an intent was not made. */
  private sealed interface Reason {
    /** Another key state, request or limit. */
    record Stop(Problem problem) implements Reason {}

    /** The Idempotency-Key is taken. */
    record Taken(Idempotency.Refusal refusal) implements Reason {}
  }

  /**
   * Commits the intents: after this call the key may be used for each that is {@link Opening.Open}.
   *
   * @throws LedgerUnavailableException if they are not on disk; no key may be used
   */
  List<Opening> open(SignOrder order, List<Ask> asks, Clearance clearance) {
    var decisions = new ArrayList<Decision<Reason>>();
    for (Ask ask : asks) {
      Decision<Reason> claim =
          Idempotency.claim(entries(order, ask, clearance)).mapRefusal(Reason.Taken::new);
      // an answered ask is replayed whatever became of its request, so the claim comes first
      decisions.add(claim.butOnlyIf(continues(order, ask)).onlyIf(keyUsable(order)));
    }
    List<Appended<Reason>> ends = ledger.appendAll(decisions);
    return ends.stream().map(this::opening).toList();
  }

  private static List<Entry> entries(SignOrder order, Ask ask, Clearance clearance) {
    var entries = new ArrayList<Entry>();
    if (ask.opens()) {
      entries.add(entry(submitted(order, ask), order, ask.requestId()));
    }
    var intended =
        new SignatureIntended(
            ask.ordinal(),
            order.provider(),
            ask.imprint().format(),
            ask.imprint().kind(),
            ask.imprint().digest(),
            ask.imprint().artifact(),
            ask.contentSeen(),
            ask.imprint().signer(),
            clearance.context().algorithm().toString(),
            ask.claim(),
            Optional.empty());
    entries.add(entry(intended, order, ask.requestId()));
    return entries;
  }

  private static RequestSubmitted submitted(SignOrder order, Ask ask) {
    return new RequestSubmitted(
        order.format().descriptor().name(),
        order.provider(),
        ask.contentSeen() ? RequestSubmitted.Mode.UPLOAD : RequestSubmitted.Mode.HASH,
        order.options().values(),
        ask.imprint().artifact(),
        Optional.of(ask.name()),
        Optional.of(order.peer()),
        order.context());
  }

  private static Condition<Reason> keyUsable(SignOrder order) {
    return ApiKeysView.usable(order.by().id())
        .map(why ->
            new Reason.Stop(
                Problem.of(Code.CREDENTIALS_INVALID, "The API key is not good any more")));
  }

  /** A later ask belongs to a request of the same caller about the same file, in order. */
  private static Condition<Reason> continues(SignOrder order, Ask ask) {
    return (rows, now) -> {
      if (ask.opens()) {
        return Optional.empty();
      }
      Optional<RequestRow> request =
          RequestsView.find(rows, ask.requestId()).filter(r -> r.by().equals(order.by().id()));
      if (request.isEmpty()) {
        return stop(Code.NOT_FOUND, "There is no request " + ask.requestId());
      }
      boolean same =
          request.get().artifact().equals(Optional.of(ask.imprint().artifact()))
              && request.get().provider().equals(Optional.of(order.provider()))
              && request.get().format().equals(Optional.of(ask.imprint().format()));
      if (!same) {
        return stop(
            Code.IMPRINT_CHANGED, "The request " + ask.requestId() + " is about another file");
      }
      if (request.get().asks().stream().anyMatch(a -> a.ordinal() == ask.ordinal() && a.taken())) {
        return stop(
            Code.IMPRINT_CHANGED,
            "The request " + ask.requestId() + " was asked for this signature before");
      }
      return ask.ordinal() < order.format().descriptor().maxAsks()
          ? Optional.empty()
          : stop(
              Code.FIELD_INVALID,
              "A request of this format has at most "
                  + order.format().descriptor().maxAsks()
                  + " signatures");
    };
  }

  private static Optional<Reason> stop(Code code, String detail) {
    return Optional.of(new Reason.Stop(Problem.of(code, detail)));
  }

  private Opening opening(Appended<Reason> end) {
    return switch (end) {
      case Appended.Committed<Reason> committed -> new Opening.Open(committed.seqs().getLast());
      case Appended.Refused<Reason>(Reason.Stop(Problem problem)) -> new Opening.Refused(problem);
      case Appended.Refused<Reason>(Reason.Taken(Idempotency.Refusal taken)) -> taken(taken);
    };
  }

  private Opening taken(Idempotency.Refusal refusal) {
    return switch (refusal) {
      case Idempotency.InProgress _ ->
          new Opening.Refused(
              Problem.of(
                      Code.IDEMPOTENCY_IN_PROGRESS,
                      "The first request with this Idempotency-Key is still running")
                  .retryAfter(RETRY_SECONDS));
      case Idempotency.OtherRequest _ ->
          new Opening.Refused(
              Problem.of(
                  Code.IDEMPOTENCY_MISMATCH, "This Idempotency-Key was used for something else"));
      case Idempotency.Done(long intent, long completed) ->
          ledger
              .answer(intent)
              .<Opening>map(a ->
                  new Opening.Answered(
                      ledger.event(completed).flatMap(Recorded::request).orElse(""),
                      completed,
                      AnswerInfo.block(a)))
              .orElseGet(() ->
                  new Opening.Refused(
                      Problem.of(
                          Code.IDEMPOTENCY_MISMATCH,
                          "The answer to this Idempotency-Key is no longer kept")));
    };
  }

  /**
   * Commits the good end of a request.
   *
   * @return the log index
   * @throws LedgerUnavailableException if it is not on disk; nothing may be released
   */
  long completed(SignOrder order, Completion completion) {
    return completed(order, List.of(completion)).getFirst();
  }

  /** Commits the good ends of many requests. */
  List<Long> completed(SignOrder order, List<Completion> completions) {
    var decisions = new ArrayList<Decision<Void>>();
    for (Completion completion : completions) {
      var event =
          new SignatureCompleted(
              completion.made().stream().map(Made::recorded).toList(),
              completion.signed(),
              completion.beside(),
              completion.signed().isPresent()
                  ? SignatureCompleted.Verified.FILE
                  : SignatureCompleted.Verified.BLOCK,
              completion.warnings());
      Entry entry = entry(event, order, completion.requestId());
      for (Made made : completion.made()) {
        entry = entry.answering(made.answer());
      }
      List<Entry> entries = List.of(entry);
      decisions.add((rows, now) -> new Decision.Append<>(entries));
    }
    List<Appended<Void>> ends = ledger.appendAll(decisions);
    return ends.stream()
        .map(end ->
            switch (end) {
              case Appended.Committed<Void> committed -> committed.first();
              case Appended.Refused<Void> _ ->
                  throw new IllegalStateException("An end without a condition was refused");
            })
        .toList();
  }

  /** Records that intents ended without a signature leaving the server. Never throws. */
  void ended(
      SignOrder order, String requestId, List<Long> intents, boolean keyUsed, Problem problem) {
    if (intents.isEmpty()) {
      return;
    }
    Optional<String> reason = Optional.of(problem.detail());
    Event event =
        keyUsed
            ? new SignatureDiscarded(intents, problem.code().wireName(), reason)
            : new SignatureFailed(intents, problem.code().wireName(), reason);
    var _ = ledger.appendLater(List.of(entry(event, order, requestId)));
  }

  /** Records a refusal before any key was used. Never throws. */
  void rejected(SignOrder order, Problem problem) {
    var event =
        new RequestRejected(
            problem.code().wireName(),
            Optional.of(order.format().descriptor().name()),
            Optional.of(order.provider()),
            Optional.of(problem.detail()),
            Optional.of(order.fileName()),
            Optional.of(order.peer()));
    var _ = ledger.appendLater(List.of(entry(event, order, order.requestId())));
  }

  private static Entry entry(Event event, SignOrder order, String requestId) {
    return Entry.of(event, order.by().id()).inRequest(requestId);
  }

  /** What a client is told when the ledger cannot be written. */
  static Problem unavailable(LedgerUnavailableException e) {
    return Problem.of(Code.LEDGER_UNAVAILABLE, "The ledger cannot be written: " + e.getMessage())
        .retryAfter(RETRY_SECONDS);
  }
}
