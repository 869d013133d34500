// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SigningContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Clients that sign all the time, by upload and by hash, and try again with the same
 * Idempotency-Key until they have an answer, however often the server goes away meanwhile.
 */
final class SignerCrowd implements AutoCloseable {
  private static final Map<String, String> OPTIONS = Map.of("hash", "sha256");
  private static final int MAX_BATCH = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Api api;
  private final String provider;
  private final SigningContext context;
  private final KeyDigests digests;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong files = new AtomicLong();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final Map<String, String> asked = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Ack> acks = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  /** What a client was told: this request is at this place in the log. */
  record Ack(String requestId, long logIndex, String imprint) {}

  /** A file on its way. */
  private record Job(long number, Bytes file, Imprint imprint) {}

  SignerCrowd(URI server, String apiKey, String provider, int size) {
    this.api = Api.of(server).with("X-API-Key", apiKey);
    this.provider = provider;
    this.context = RemoteSigner.context(api, provider, "sha256");
    this.digests = new KeyDigests(context, OPTIONS);
    for (int i = 0; i < size; i++) {
      int seed = i;
      threads.add(Thread.ofVirtual().start(() -> work(new Random(seed))));
    }
  }

  private void work(Random random) {
    try {
      while (!stop.get()) {
        if (random.nextInt(3) == 0) {
          upload(job());
        } else {
          var batch = new ArrayList<Job>();
          for (int i = random.nextInt(MAX_BATCH); i >= 0; i--) {
            batch.add(job());
          }
          hash(batch);
        }
      }
    } catch (RuntimeException | AssertionError e) {
      faults.add(String.valueOf(e));
    }
  }

  private Job job() {
    long number = files.incrementAndGet();
    Bytes file = Programs.numbered(number);
    Imprint imprint = RemoteSigner.imprint(file, OPTIONS, context);
    asked.put(digests.of(imprint).toString(), imprint.digest().toString());
    return new Job(number, file, imprint);
  }

  private void upload(Job job) {
    FormData form = FormData.of(job.file(), provider).field("timestamp", "none");
    Answer answer =
        answered(
            () ->
                api.trySend(
                    api.request(Api.SIGN)
                        .header("Idempotency-Key", "file-" + job.number())
                        .header("Content-Type", form.contentType())
                        .POST(BodyPublishers.ofByteArray(form.body().toArray()))),
            a -> a.status() == 200);
    long index = Long.parseLong(answer.header("X-Sgcsign-Log-Index"));
    acknowledge(new Ack(answer.header("X-Sgcsign-Request-Id"), index, imprint(job)));
  }

  private static String imprint(Job job) {
    return job.imprint().digest().toString();
  }

  private void hash(List<Job> batch) {
    var items =
        batch.stream()
            .map(job ->
                HashRequest.Item.of("f" + job.number(), job.imprint())
                    .keyed("file-" + job.number()))
            .toList();
    String json = HashRequest.unstamped(provider, OPTIONS, items).json();
    Answer answer =
        answered(
            () ->
                api.trySend(
                    api.request(Api.HASH)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))),
            a ->
                a.status() == 200
                    && items(a).stream().allMatch(i -> i.object("block").isPresent()));
    List<JsonValue.Obj> done = items(answer);
    for (int i = 0; i < batch.size(); i++) {
      acknowledge(
          new Ack(
              done.get(i).text("request_id").orElseThrow(),
              done.get(i).integer("log_index").orElseThrow(),
              imprint(batch.get(i))));
    }
  }

  private static List<JsonValue.Obj> items(Answer answer) {
    return answer.json().items("items").stream().map(JsonValue.Obj.class::cast).toList();
  }

  private void acknowledge(Ack ack) {
    acks.add(ack);
    acknowledged.incrementAndGet();
  }

  @FunctionalInterface
  private interface Call {
    Answer send() throws IOException;
  }

  private static Answer answered(Call call, Predicate<Answer> good) {
    return Poll.find(
        "an answer",
        PATIENCE,
        () -> {
          try {
            Answer answer = call.send();
            if (good.test(answer)) {
              return Optional.of(answer);
            }
            if (!passing(answer)) {
              throw new AssertionError("Not to be expected: " + answer);
            }
            return Optional.empty();
          } catch (IOException _) {
            return Optional.<Answer>empty(); // the server is away; it will come back
          }
        });
  }

  /** Whether trying again is what the answer asks for. */
  private static boolean passing(Answer answer) {
    return answer.text().contains("SGC-IDEMPOTENCY-IN-PROGRESS")
        || answer.text().contains("SGC-DRAINING")
        || answer.text().contains("SGC-LEDGER-UNAVAILABLE");
  }

  /** How many answers came so far. */
  int acknowledged() {
    return acknowledged.get();
  }

  /** Takes the answers since the last call. */
  List<Ack> takeAcks() {
    var taken = new ArrayList<Ack>();
    for (Ack ack = acks.poll(); ack != null; ack = acks.poll()) {
      taken.add(ack);
    }
    return taken;
  }

  /** The imprint a digest at the key belongs to, if this crowd asked for it. */
  Optional<String> imprintOf(String keyDigest) {
    return Optional.ofNullable(asked.get(keyDigest));
  }

  /** What went wrong. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** Lets everybody finish; files that were begun. */
  long finish() {
    stop.set(true);
    for (Thread thread : threads) {
      try {
        if (!thread.join(PATIENCE)) {
          throw new AssertionError("A signer never got its answer");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    return files.get();
  }

  @Override
  public void close() {
    stop.set(true);
    threads.forEach(Thread::interrupt);
    api.close();
  }
}
