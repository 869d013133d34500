// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ops;

import io.sgcsign.key.KeySession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/** What the server knows of its own state. Thread-safe. */
public final class Health {
  private final String version;
  private final String crypto;
  private final List<String> warnings;
  private final Supplier<Optional<String>> ledgerTrouble;
  private final Supplier<Map<String, ProviderState>> providers;
  private final Supplier<List<AuthorityState>> authorities;
  private final AtomicBoolean draining = new AtomicBoolean();

  /**
   * @param crypto name of the crypto back end
   * @param ledgerTrouble why the ledger cannot be written
   */
  public Health(
      String version,
      String crypto,
      List<String> warnings,
      Supplier<Optional<String>> ledgerTrouble,
      Supplier<Map<String, ProviderState>> providers,
      Supplier<List<AuthorityState>> authorities) {
    this.version = version;
    this.crypto = crypto;
    this.warnings = List.copyOf(warnings);
    this.ledgerTrouble = ledgerTrouble;
    this.providers = providers;
    this.authorities = authorities;
  }

  /** A provider and whether the server must not run without it. */
  public record ProviderState(KeySession.SessionState session, boolean required) {}

  /**
   * A time-stamp authority.
   *
   * @param url what the configuration calls it
   * @param protocol how it is asked: rfc3161 or authenticode
   * @param state of its circuit breaker: closed, open or half_open
   * @param failures in a row
   * @param retryAt when it gets its turn again
   */
  public record AuthorityState(
      String url,
      String protocol,
      String state,
      int failures,
      Optional<String> lastFailure,
      Optional<Instant> retryAt) {
    boolean ready() {
      return state.equals("closed");
    }

    private void write(JsonGenerator json) {
      json.writeStartObject();
      json.writeStringProperty("url", url);
      json.writeStringProperty("protocol", protocol);
      json.writeBooleanProperty("ready", ready());
      json.writeStringProperty("state", state);
      json.writeNumberProperty("failures", failures);
      lastFailure.ifPresent(f -> json.writeStringProperty("detail", f));
      retryAt.ifPresent(t -> json.writeStringProperty("retry_at", t.toString()));
      json.writeEndObject();
    }
  }

  /** From now on the server is not ready: it finishes what it has. */
  public void drain() {
    draining.set(true);
  }

  public State state() {
    return new State(
        version,
        crypto,
        warnings,
        ledgerTrouble.get(),
        new TreeMap<>(providers.get()),
        authorities.get(),
        draining.get());
  }

  /** The state at one moment. */
  public record State(
      String version,
      String crypto,
      List<String> warnings,
      Optional<String> ledgerTrouble,
      SortedMap<String, ProviderState> providers,
      List<AuthorityState> authorities,
      boolean draining) {

    /** Whether it signs: ledger, every required provider and at least one provider at all. */
    public boolean ready() {
      boolean required =
          providers.values().stream().allMatch(p -> !p.required() || p.session().ready());
      boolean any =
          providers.isEmpty() || providers.values().stream().anyMatch(p -> p.session().ready());
      return !draining && ledgerTrouble.isEmpty() && required && any;
    }

    public void write(JsonGenerator json) {
      boolean degraded =
          providers.values().stream().anyMatch(p -> !p.session().ready())
              || authorities.stream().anyMatch(a -> !a.ready());
      json.writeStartObject();
      json.writeStringProperty("status", ready() && !degraded ? "ok" : "degraded");
      json.writeBooleanProperty("ready", ready());
      json.writeStringProperty("version", version);
      json.writeStringProperty("crypto", crypto);
      json.writeBooleanProperty("draining", draining);
      json.writeObjectPropertyStart("ledger");
      json.writeBooleanProperty("ready", ledgerTrouble.isEmpty());
      ledgerTrouble.ifPresent(t -> json.writeStringProperty("detail", t));
      json.writeEndObject();
      json.writeObjectPropertyStart("providers");
      providers.forEach((name, provider) -> {
        json.writeObjectPropertyStart(name);
        json.writeBooleanProperty("ready", provider.session().ready());
        json.writeStringProperty("detail", provider.session().detail());
        json.writeEndObject();
      });
      json.writeEndObject();
      json.writeArrayPropertyStart("timestamping");
      authorities.forEach(a -> a.write(json));
      json.writeEndArray();
      json.writeArrayPropertyStart("warnings");
      warnings.forEach(json::writeString);
      json.writeEndArray();
      json.writeEndObject();
    }
  }
}
