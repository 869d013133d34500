// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ops;

import io.sgcsign.key.KeySession;
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
      Supplier<Map<String, ProviderState>> providers) {
    this.version = version;
    this.crypto = crypto;
    this.warnings = List.copyOf(warnings);
    this.ledgerTrouble = ledgerTrouble;
    this.providers = providers;
  }

  /** A provider and whether the server must not run without it. */
  public record ProviderState(KeySession.SessionState session, boolean required) {}

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
        draining.get());
  }

  /** The state at one moment. */
  public record State(
      String version,
      String crypto,
      List<String> warnings,
      Optional<String> ledgerTrouble,
      SortedMap<String, ProviderState> providers,
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
      boolean degraded = providers.values().stream().anyMatch(p -> !p.session().ready());
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
      json.writeArrayPropertyStart("warnings");
      warnings.forEach(json::writeString);
      json.writeEndArray();
      json.writeEndObject();
    }
  }
}
