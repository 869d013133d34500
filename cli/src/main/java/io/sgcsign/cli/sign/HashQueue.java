// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.cli.api.Retry;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.wire.Problem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects what many files ask the server into few requests. One request is under way at a time;
 * what comes meanwhile goes into the next. The asking threads do the work: one of those that wait
 * sends for all. Thread-safe.
 */
final class HashQueue {
  /**
   * Items of one request. The server takes 1,000, but then has nothing to do while their files are
   * read and written here, nor we while it signs.
   */
  static final int MAX_ITEMS = 128;

  /** Characters of the items of one request: the server takes 16 MiB with the rest around them. */
  static final int MAX_SIZE = 15 * 1024 * 1024;

  private final Function<List<Ask>, List<Answer>> post;
  private final Retry retry;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private final Map<String, Waiting> byKey = new HashMap<>();
  private boolean sending;
  private @Nullable FailureException broken;

  /**
   * @param post sends a batch and gives an answer for each item, in order; a failure means that no
   *     batch will ever succeed
   */
  HashQueue(Function<List<Ask>, List<Answer>> post, Retry retry) {
    this.post = post;
    this.retry = retry;
  }

  /**
   * One item.
   *
   * @param key the item's idempotency key
   * @param json the item as it is sent
   */
  record Ask(String key, String json) {}

  /** What the server says to one item. */
  sealed interface Answer {
    record Signed(
        String requestId, SignatureBlock block, Optional<Long> logIndex, List<String> warnings)
        implements Answer {
      public Signed {
        warnings = List.copyOf(warnings);
      }
    }

    /** It waits for approval. */
    record Pending(String requestId) implements Answer {}

    record Refused(Problem problem) implements Answer {}
  }

  private final class Waiting {
    private final Ask ask;
    private final Retry.Patience patience = retry.patience();
    private @Nullable Answer answer;

    Waiting(Ask ask) {
      this.ask = ask;
    }
  }

  /**
   * Has {@code ask} answered. Equal keys are asked once.
   *
   * @throws FailureException if the server cannot be asked
   */
  Answer ask(Ask ask) {
    if (ask.json().length() > MAX_SIZE) {
      throw Failure.of(
              ExitCode.NOT_SIGNABLE,
              "The file has too many page hashes for pre-hash mode",
              "they are larger than a request may be",
              "Use --no-prehash.")
          .exception();
    }
    lock.lock();
    try {
      Waiting mine = byKey.get(ask.key());
      if (mine == null) {
        mine = new Waiting(ask);
        byKey.put(ask.key(), mine);
        queue.add(mine);
      }
      while (mine.answer == null) {
        if (broken != null) {
          throw broken;
        }
        if (sending) {
          changed.awaitUninterruptibly();
        } else {
          lead();
        }
      }
      return mine.answer;
    } finally {
      lock.unlock();
    }
  }

  /** Sends one batch. Called with the lock held; gives it away while it waits. */
  private void lead() {
    List<Waiting> batch = take();
    sending = true;
    lock.unlock();
    List<Answer> answers = List.of();
    FailureException failure = null;
    try {
      answers = post.apply(batch.stream().map(w -> w.ask).toList());
    } catch (FailureException e) {
      failure = e;
    } finally {
      lock.lock();
      sending = false;
      changed.signalAll();
    }
    if (failure != null) {
      broken = failure;
      return;
    }
    Optional<Wait> wait = settle(batch, answers);
    if (wait.isPresent()) {
      sending = true; // nobody sends while the server asked for a rest
      lock.unlock();
      try {
        wait.get().patience().pause(wait.get().duration(), wait.get().why());
      } finally {
        lock.lock();
        sending = false;
        changed.signalAll();
      }
    }
  }

  private record Wait(Retry.Patience patience, Duration duration, String why) {}

  private Optional<Wait> settle(List<Waiting> batch, List<Answer> answers) {
    Optional<Wait> longest = Optional.empty();
    for (int i = batch.size() - 1; i >= 0; i--) {
      Waiting waiting = batch.get(i);
      if (answers.get(i) instanceof Answer.Refused(Problem problem) && problem.code().retryable()) {
        Optional<Duration> wait = waiting.patience.next(retryAfter(problem));
        if (wait.isPresent()) {
          queue.addFirst(waiting);
          var one = new Wait(waiting.patience, wait.get(), problem.code().title());
          longest = longest.filter(w -> w.duration().compareTo(one.duration()) >= 0);
          longest = longest.isPresent() ? longest : Optional.of(one);
          continue;
        }
      }
      waiting.answer = answers.get(i);
    }
    return longest;
  }

  private static Optional<Duration> retryAfter(Problem problem) {
    return problem.retryAfterSeconds() > 0
        ? Optional.of(Duration.ofSeconds(problem.retryAfterSeconds()))
        : Optional.empty();
  }

  private List<Waiting> take() {
    var batch = new ArrayList<Waiting>();
    long size = 0;
    while (!queue.isEmpty() && batch.size() < MAX_ITEMS) {
      size += queue.peek().ask.json().length();
      if (size > MAX_SIZE && !batch.isEmpty()) {
        break;
      }
      batch.add(queue.remove());
    }
    return batch;
  }
}
