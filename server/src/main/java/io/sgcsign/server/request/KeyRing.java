// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.key.KeyEnvironment;
import io.sgcsign.key.KeyException;
import io.sgcsign.key.KeyProvider;
import io.sgcsign.key.KeySession;
import io.sgcsign.key.SigningKey;
import io.sgcsign.server.config.ServerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The opened providers by name. Thread-safe. */
public final class KeyRing implements AutoCloseable {
  private final List<Slot> slots;

  private KeyRing(List<Slot> slots) {
    this.slots = List.copyOf(slots);
  }

  /**
   * A configured provider and its session.
   *
   * @param local its keys are files of this machine
   * @param freeProbe a test signature costs nothing
   * @param trouble why there is no session
   */
  public record Slot(
      ServerConfig.Provider config,
      Optional<KeySession> session,
      boolean local,
      boolean freeProbe,
      Optional<KeyException> trouble) {

    /** Whether the server must not run without it. */
    public boolean required() {
      return config.required().orElse(local);
    }

    public KeySession.SessionState state() {
      return session
          .map(KeySession::state)
          .orElseGet(() ->
              new KeySession.SessionState(
                  false,
                  trouble
                      .map(t -> String.valueOf(t.getMessage()))
                      .orElse("This build has no provider type " + config.type())));
    }

    /** The key callers sign with; empty while the provider cannot be used. */
    public Optional<SigningKey> key() {
      return session.filter(s -> s.state().ready()).flatMap(s -> s.keys().stream().findFirst());
    }
  }

  /** Opens every provider; a failure stays with its slot. */
  public static KeyRing open(
      List<ServerConfig.Provider> providers, List<KeyProvider> types, KeyEnvironment environment) {
    var slots = new ArrayList<Slot>();
    for (ServerConfig.Provider provider : providers) {
      slots.add(
          types.stream()
              .filter(t -> t.descriptor().type().equals(provider.type()))
              .findFirst()
              .map(t -> open(provider, t, environment))
              .orElseGet(
                  () -> new Slot(provider, Optional.empty(), false, false, Optional.empty())));
    }
    return new KeyRing(slots);
  }

  private static Slot open(
      ServerConfig.Provider provider, KeyProvider type, KeyEnvironment environment) {
    boolean local = type.descriptor().local();
    boolean free = type.descriptor().freeProbe();
    try {
      KeySession session = type.open(provider.params().orElseThrow(), environment);
      return new Slot(provider, Optional.of(session), local, free, Optional.empty());
    } catch (KeyException e) {
      return new Slot(provider, Optional.empty(), local, free, Optional.of(e));
    }
  }

  public List<Slot> slots() {
    return slots;
  }

  public Optional<Slot> slot(String name) {
    return slots.stream().filter(s -> s.config().name().equals(name)).findFirst();
  }

  @Override
  public void close() {
    slots.forEach(s -> s.session().ifPresent(KeySession::close));
  }
}
