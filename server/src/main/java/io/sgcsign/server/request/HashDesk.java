// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.assembly.Assembled;
import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.assembly.Stamping;
import io.sgcsign.server.ledger.LedgerUnavailableException;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Signs imprints: the files stay with the caller. A batch shares two commits; every item has its
 * own request, intent and end. Thread-safe.
 */
public final class HashDesk {
  private final FrontDesk front;
  private final Journal journal;
  private final ReleaseGate gate;
  private final Work work;
  private final Fan fan;

  public HashDesk(
      FrontDesk front,
      Journal journal,
      ReleaseGate gate,
      SignatureAssembler assembler,
      int processors) {
    this.front = front;
    this.journal = journal;
    this.gate = gate;
    this.work = new Work(assembler);
    this.fan = new Fan(processors);
  }

  /** The context of the order, for clients that hash with it. */
  public SigningContext context(SignOrder order) {
    try {
      return front.context(order);
    } catch (Refusal e) {
      throw new RefusedException(e.problem());
    }
  }

  /**
   * Signs the items of one order.
   *
   * @return one outcome an item, in order
   */
  public Answer sign(SignOrder order, List<HashItem> items) {
    Clearance clearance;
    try {
      clearance = front.clear(order, false);
    } catch (Refusal e) {
      journal.rejected(order, e.problem());
      throw new RefusedException(e.problem());
    }
    return new Answer(new Batch(order, clearance, items).run(), clearance.context());
  }

  /** Outcomes, and the context they were made in. */
  public record Answer(List<Outcome> outcomes, SigningContext context) {
    public Answer {
      outcomes = List.copyOf(outcomes);
    }
  }

  /** A batch on its way. Slots are written by one thread each. */
  private final class Batch {
    private final SignOrder order;
    private final Clearance clearance;
    private final List<HashItem> items;
    private final Outcome[] outcomes;
    private final ToBeSigned[] structures;
    private final Opening[] openings;
    private final Assembled[] made;

    Batch(SignOrder order, Clearance clearance, List<HashItem> items) {
      this.order = order;
      this.clearance = clearance;
      this.items = items;
      this.outcomes = new Outcome[items.size()];
      this.structures = new ToBeSigned[items.size()];
      this.openings = new Opening[items.size()];
      this.made = new Assembled[items.size()];
    }

    List<Outcome> run() {
      build();
      open();
      boolean waits = !(clearance.stamping() instanceof Stamping.None);
      fan.each(items.size(), waits, this::use);
      complete();
      return Arrays.asList(outcomes);
    }

    private void refuse(int i, Problem problem) {
      outcomes[i] = new Outcome.Refused(items.get(i).requestId(), problem);
    }

    private void build() {
      for (int i = 0; i < items.size(); i++) {
        HashItem item = items.get(i);
        try {
          if (!item.imprint().signer().equals(clearance.context().chain().fingerprint())) {
            refuse(
                i,
                Problem.of(
                    Code.SIGNER_CHANGED,
                    "The imprint was made for another certificate than the provider has now"));
            continue;
          }
          if (!order.format().descriptor().byHash(item.imprint().kind())) {
            refuse(
                i,
                Problem.of(
                    Code.HASH_NOT_ALLOWED,
                    "The server must see files of kind " + item.imprint().kind()));
            continue;
          }
          structures[i] =
              Work.structure(order.format(), item.imprint(), order, clearance.context());
        } catch (ImprintException e) {
          refuse(i, Problem.of(Code.FIELD_INVALID, String.valueOf(e.getMessage())));
        }
      }
    }

    private void open() {
      var asks = new ArrayList<Ask>();
      var places = new ArrayList<Integer>();
      for (int i = 0; i < items.size(); i++) {
        if (structures[i] != null) {
          asks.add(ask(items.get(i)));
          places.add(i);
        }
      }
      if (asks.isEmpty()) {
        return;
      }
      try {
        List<Opening> all = journal.open(order, asks, clearance);
        for (int n = 0; n < all.size(); n++) {
          openings[places.get(n)] = all.get(n);
        }
      } catch (LedgerUnavailableException e) {
        places.forEach(i -> refuse(i, Journal.unavailable(e)));
      }
    }

    private Ask ask(HashItem item) {
      return new Ask(
          item.requestId(),
          item.name(),
          item.ask(),
          item.ask() == 0,
          item.imprint(),
          false,
          item.key().map(k -> order.claim(k, item.imprint())));
    }

    private void use(int i) {
      switch (openings[i]) {
        case null -> {
          // refused before
        }
        case Opening.Refused(Problem problem) -> refuse(i, problem);
        case Opening.Answered(String requestId, long index, var block) ->
            outcomes[i] = new Outcome.Block(requestId, block, index, List.of(), true);
        case Opening.Open(long intent) -> {
          Work.Result result = work.perform(structures[i], clearance);
          Optional<Problem> fault =
              result
                  .problem()
                  .or(() ->
                      gate.refuses(order, structures[i], result.made().orElseThrow(), clearance));
          if (fault.isPresent()) {
            refuse(i, fault.get());
            journal.ended(
                order, items.get(i).requestId(), List.of(intent), result.keyUsed(), fault.get());
          } else {
            made[i] = result.made().orElseThrow();
          }
        }
      }
    }

    private void complete() {
      var done = new ArrayList<Journal.Completion>();
      var places = new ArrayList<Integer>();
      for (int i = 0; i < items.size(); i++) {
        if (made[i] != null && openings[i] instanceof Opening.Open(long intent)) {
          var one = List.of(new Journal.Made(intent, made[i]));
          done.add(
              new Journal.Completion(
                  items.get(i).requestId(),
                  one,
                  Optional.empty(),
                  Optional.empty(),
                  clearance.warningsFor(one)));
          places.add(i);
        }
      }
      if (done.isEmpty()) {
        return;
      }
      try {
        List<Long> indexes = journal.completed(order, done);
        for (int n = 0; n < done.size(); n++) {
          int i = places.get(n);
          outcomes[i] =
              new Outcome.Block(
                  items.get(i).requestId(),
                  made[i].block(),
                  indexes.get(n),
                  done.get(n).warnings(),
                  false);
        }
      } catch (LedgerUnavailableException e) {
        places.forEach(i -> refuse(i, Journal.unavailable(e)));
      }
    }
  }

  /** Spreads work: over the processors, or over more threads if each mostly waits. */
  private record Fan(int processors) {
    /** Time-stamp requests under way for one batch. */
    private static final int WAITING = 16;

    void each(int count, boolean waits, IntConsumer task) {
      int threads = Math.min(count, waits ? WAITING : processors);
      if (threads <= 1) {
        for (int i = 0; i < count; i++) {
          task.accept(i);
        }
        return;
      }
      var all = new ArrayList<Thread>();
      for (int t = 0; t < threads; t++) {
        int first = t;
        all.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (int i = first; i < count; i += threads) {
                    task.accept(i);
                  }
                }));
      }
      for (Thread thread : all) {
        join(thread);
      }
    }

    private static void join(Thread thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while signing", e);
      }
    }
  }
}
