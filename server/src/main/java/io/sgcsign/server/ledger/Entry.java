// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.ledger.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An event on its way into the log, with what is stored beside it in the same transaction.
 *
 * @param by the id of the principal who caused it
 * @param request the id of the request it belongs to
 * @param secrets authoritative outside the log; the leaf commits to each
 * @param answers kept for replays; the event names the digest of each block
 */
public record Entry(
    Event event,
    String by,
    Optional<String> request,
    List<SecretChange> secrets,
    List<Answer> answers) {
  public Entry {
    secrets = List.copyOf(secrets);
    answers = List.copyOf(answers);
  }

  public static Entry of(Event event, String by) {
    return new Entry(event, by, Optional.empty(), List.of(), List.of());
  }

  public Entry inRequest(String id) {
    return new Entry(event, by, Optional.of(id), secrets, answers);
  }

  /** The same entry about another event. */
  public Entry with(Event other) {
    return new Entry(other, by, request, secrets, answers);
  }

  /** Stores a secret under a name that is public: {@code apikey/key_7f3a}. */
  public Entry storing(String name, Bytes secret) {
    return changing(new SecretChange(name, Optional.of(secret)));
  }

  /** Removes a secret. */
  public Entry removing(String name) {
    return changing(new SecretChange(name, Optional.empty()));
  }

  public Entry answering(Answer answer) {
    var all = new ArrayList<>(answers);
    all.add(answer);
    return new Entry(event, by, request, secrets, all);
  }

  private Entry changing(SecretChange change) {
    var all = new ArrayList<>(secrets);
    all.add(change);
    return new Entry(event, by, request, all, answers);
  }

  /** A secret to store, or to remove if the value is empty. */
  public record SecretChange(String name, Optional<Bytes> value) {}
}
