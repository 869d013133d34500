// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.server.ledger.event.BuildContext;
import io.sgcsign.server.ledger.event.IdempotencyClaim;
import io.sgcsign.server.ledger.event.RequestSubmitted;
import io.sgcsign.server.ledger.event.SignatureCompleted;
import io.sgcsign.server.ledger.event.SignatureIntended;
import io.sgcsign.server.store.SqliteStorage;
import io.sgcsign.server.view.OpenIntentsView;
import io.sgcsign.server.view.Views;
import io.sgcsign.timestamp.StampProtocol;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** Starts ledgers in a folder and makes events for them. */
public final class LedgerFixture {
  public static final Instant START = Instant.parse("2026-11-21T10:00:00.123456Z");
  public static final Digest ARTIFACT = digest("artifact");

  private final Path database;
  private final AtomicReference<Instant> time = new AtomicReference<>(START);

  public LedgerFixture(Path folder) {
    this.database = folder.resolve("data").resolve("ledger.db");
  }

  public Path database() {
    return database;
  }

  public SqliteStorage storage() {
    return new SqliteStorage(database);
  }

  public void pass(Duration duration) {
    time.updateAndGet(t -> t.plus(duration));
  }

  public InstantSource clock() {
    return time::get;
  }

  public Ledger start(String boot) {
    return start(boot, storage());
  }

  public Ledger start(String boot, Storage storage) {
    return start(settings(boot, Duration.ofSeconds(20)), storage);
  }

  public Ledger start(LedgerSettings settings, Storage storage) {
    return Ledger.start(
        settings, storage, Views.all(), new OpenIntentsView(), clock(), new SecureRandom());
  }

  public static LedgerSettings settings(String boot, Duration deadline) {
    return new LedgerSettings("n1", boot, "0.1.0", "sign.example/log/1", deadline, 0);
  }

  public static Digest digest(String text) {
    return Digest.sha256(Bytes.utf8(text));
  }

  public static Entry submitted(String request) {
    return submitted(request, BuildContext.NONE);
  }

  public static Entry submitted(String request, BuildContext context) {
    var event =
        new RequestSubmitted(
            "authenticode",
            "release",
            RequestSubmitted.Mode.UPLOAD,
            new TreeMap<>(Map.of("description", "App")),
            ARTIFACT,
            Optional.of(request + ".exe"),
            Optional.of("192.0.2.7"),
            context);
    return Entry.of(event, "key_1").inRequest(request);
  }

  public static Entry intended(String request) {
    return intended(request, Optional.empty());
  }

  public static Entry intended(String request, Optional<IdempotencyClaim> claim) {
    return intended(request, 0, claim);
  }

  public static Entry intended(String request, int ordinal, Optional<IdempotencyClaim> claim) {
    var event =
        new SignatureIntended(
            ordinal,
            "release",
            "authenticode",
            "pe",
            digest("imprint of " + request),
            ARTIFACT,
            true,
            digest("certificate"),
            "SHA256withRSA",
            claim,
            Optional.empty());
    return Entry.of(event, "key_1").inRequest(request);
  }

  public static Entry completed(String request, long intent, Bytes block) {
    var made =
        new SignatureCompleted.Made(
            intent,
            Digest.sha256(block),
            Optional.of(
                new SignatureCompleted.Stamp(
                    digest("token"),
                    Instant.parse("2026-11-21T10:00:01Z"),
                    "CN=TSA",
                    StampProtocol.RFC3161)));
    var event =
        new SignatureCompleted(
            List.of(made),
            Optional.of(digest("signed " + request)),
            Optional.empty(),
            SignatureCompleted.Verified.FILE,
            List.of());
    return Entry.of(event, "key_1").inRequest(request);
  }
}
