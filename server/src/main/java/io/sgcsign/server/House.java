// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.assembly.TokenIssuer;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.key.KeyEnvironment;
import io.sgcsign.key.KeyProvider;
import io.sgcsign.log.ProofException;
import io.sgcsign.server.account.AccountDesk;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.guard.Firewall;
import io.sgcsign.server.http.HttpListener;
import io.sgcsign.server.http.HttpServer;
import io.sgcsign.server.http.Spool;
import io.sgcsign.server.identity.Authenticator;
import io.sgcsign.server.identity.Passwords;
import io.sgcsign.server.identity.ServerSecret;
import io.sgcsign.server.identity.Sessions;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.ledger.LedgerSettings;
import io.sgcsign.server.ledger.StoreException;
import io.sgcsign.server.ops.Health;
import io.sgcsign.server.ops.Log;
import io.sgcsign.server.policy.PolicyEngine;
import io.sgcsign.server.request.Anchors;
import io.sgcsign.server.request.FrontDesk;
import io.sgcsign.server.request.HashDesk;
import io.sgcsign.server.request.Journal;
import io.sgcsign.server.request.KeyRing;
import io.sgcsign.server.request.ReleaseGate;
import io.sgcsign.server.request.SigningDesk;
import io.sgcsign.server.request.VerifyDesk;
import io.sgcsign.server.store.SqliteStorage;
import io.sgcsign.server.view.ApiKeysView;
import io.sgcsign.server.view.OpenIntentsView;
import io.sgcsign.server.view.UsersView;
import io.sgcsign.server.view.Views;
import io.sgcsign.verify.BlockVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * The running server: wires every room with {@code new}, in one place. Closing it drains: what runs
 * is finished, nothing new is taken.
 */
final class House implements AutoCloseable {
  private static final String KEY_SECRET = "apikey/";

  private final ServerConfig config;
  private final World world;
  private final Log log;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Health health;
  private final HttpListener listener;
  private final Ledger ledger;

  /**
   * What a server needs of the world outside; a test gives its own.
   *
   * @param providers the provider types
   */
  record World(
      InstantSource clock,
      SecureRandom random,
      Function<String, Optional<String>> environment,
      List<KeyProvider> providers,
      String version) {}

  private House(ServerConfig config, World world, Log log)
      throws IOException, GeneralSecurityException {
    this.config = config;
    this.world = world;
    this.log = log;
    try {
      var ids = new Ids(world.clock(), world.random());
      CryptoBackend crypto = CryptoBackend.select(world.random());
      // the release gate reads every block and file again before it leaves
      var assembler = SignatureAssembler.verifiedLater(crypto);
      Bootstrap.refusePrintedPasswords(config);
      KeyRing keys = keep(openProviders(config, world, crypto, log));
      this.ledger = keep(openLedger(ids.get()));
      Path folder = Optional.ofNullable(config.database().getParent()).orElse(Path.of("."));
      var secret = ServerSecret.open(folder.resolve("server-secret"), world.random());
      var sessions =
          new Sessions(
              secret,
              Duration.ofMinutes(config.admin().sessionMinutes()),
              world.clock(),
              world.random());
      Authenticator authenticator = authenticator(secret, sessions);
      var accounts =
          new AccountDesk(
              ledger, new Passwords(world.random()), sessions, authenticator, world.clock(), ids);
      List<String> warnings = bootstrap(accounts, keys);
      TimeStamps stamps = keep(new TimeStamps(config, world));
      this.health =
          new Health(
              world.version(),
              crypto.name(),
              warnings,
              () -> ledger.readiness().trouble(),
              () -> states(keys),
              stamps::states);
      keep(Pruner.start(ledger, config.retentionDays(), world.clock(), log));
      startTestAuthority(crypto, assembler);
      HttpServer.Desks desks = desks(keys, stamps, assembler, crypto, accounts);
      var door =
          new HttpServer.Door(
              new Firewall(config.server().firewall(), world.clock()), authenticator);
      var spool = new Spool(folder.resolve("spool"), config.server().maxUploadBytes(), ids);
      this.listener =
          HttpServer.start(
              config,
              desks,
              door,
              spool,
              crypto,
              world.clock(),
              () -> "req_" + ids.get(),
              log,
              world.version());
      log.info(
          "server.started",
          Map.of("port", listener.port(), "crypto", crypto.name(), "version", world.version()));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      closeAll();
      throw e;
    }
  }

  static House open(ServerConfig config, World world, Log log) {
    try {
      return new House(config, world, log);
    } catch (IOException e) {
      throw new StartException("The server cannot start: " + e, e);
    } catch (GeneralSecurityException e) {
      throw new StartException("The TLS certificate cannot be used: " + e.getMessage(), e);
    } catch (StoreException | ProofException e) {
      throw new StartException("The ledger cannot be opened: " + e.getMessage(), e);
    }
  }

  int port() {
    return listener.port();
  }

  /** Makes the first administrator if need be; what the operator should know. */
  private List<String> bootstrap(AccountDesk accounts, KeyRing keys) {
    var warnings = new ArrayList<>(config.warnings());
    Bootstrap.run(config, accounts, ledger, world.environment()).ifPresent(warnings::add);
    Retention.warning(config, keys).ifPresent(warnings::add);
    warnings.forEach(w -> log.warning("config.warning", Map.of("detail", w)));
    return warnings;
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.push(resource);
    return resource;
  }

  static KeyRing openProviders(ServerConfig config, World world, CryptoBackend crypto, Log log) {
    var environment = new KeyEnvironment(crypto, world.clock());
    KeyRing keys = KeyRing.open(config.providers(), world.providers(), environment);
    for (KeyRing.Slot slot : keys.slots()) {
      if (slot.state().ready()) {
        continue;
      }
      String hint = slot.trouble().map(t -> "\n    " + t.hint()).orElse("");
      String what =
          "The provider \""
              + slot.config().name()
              + "\" cannot be opened: "
              + slot.state().detail();
      if (slot.required()) {
        keys.close();
        throw new StartException(what + hint);
      }
      log.warning("provider.unavailable", Map.of("detail", what));
    }
    return keys;
  }

  private Ledger openLedger(String boot) {
    var settings =
        new LedgerSettings(
            config.server().node(),
            boot,
            world.version(),
            config.server().logOrigin(),
            LedgerSettings.DEFAULT_APPEND_DEADLINE,
            LedgerSettings.DEFAULT_MIN_FREE_BYTES);
    return Ledger.start(
        settings,
        new SqliteStorage(config.database()),
        Views.all(),
        new OpenIntentsView(),
        world.clock(),
        world.random());
  }

  private Authenticator authenticator(ServerSecret secret, Sessions sessions) {
    return new Authenticator(
        secret,
        sessions,
        mac ->
            ledger
                .secrets()
                .nameOf(mac)
                .filter(n -> n.startsWith(KEY_SECRET))
                .flatMap(n ->
                    ledger.read(rows -> ApiKeysView.find(rows, n.substring(KEY_SECRET.length())))),
        id -> ledger.read(rows -> UsersView.find(rows, id)),
        world.clock(),
        world.random());
  }

  private HttpServer.Desks desks(
      KeyRing keys,
      TimeStamps stamps,
      SignatureAssembler assembler,
      CryptoBackend crypto,
      AccountDesk accounts) {
    int processors = Runtime.getRuntime().availableProcessors();
    var configured = new ArrayList<X509Certificate>(stamps.anchors());
    config.trustAnchors().map(AnchorFile::read).ifPresent(configured::addAll);
    var anchors = new Anchors(keys, configured);
    var front =
        new FrontDesk(
            keys,
            new PolicyEngine(config.timestamping()),
            stamps::authority,
            new Semaphore(processors),
            world.clock(),
            world.random());
    var journal = new Journal(ledger);
    var gate = new ReleaseGate(anchors, new BlockVerifier(crypto, Optional.empty()), world.clock());
    return new HttpServer.Desks(
        new SigningDesk(front, journal, gate, assembler),
        new HashDesk(front, journal, gate, assembler, processors),
        new VerifyDesk(anchors, AnchorFile.system(), ledger),
        accounts,
        keys,
        ledger,
        health);
  }

  private void startTestAuthority(CryptoBackend crypto, SignatureAssembler assembler)
      throws IOException {
    if (config.testAuthority().isEmpty()) {
      return;
    }
    ServerConfig.TestAuthorityConfig test = config.testAuthority().get();
    TokenIssuer issuer = TestTokens.issuer(test, crypto, assembler, world);
    keep(TestAuthorityListener.start(test, issuer));
  }

  private static Map<String, Health.ProviderState> states(KeyRing keys) {
    var states = new TreeMap<String, Health.ProviderState>();
    keys.slots()
        .forEach(
            s -> states.put(s.config().name(), new Health.ProviderState(s.state(), s.required())));
    return states;
  }

  /** Drains: not ready, no new connections, running requests finish, then everything closes. */
  @Override
  public void close() {
    health.drain();
    listener.close();
    closeAll();
    log.info("server.stopped", Map.of());
  }

  private void closeAll() {
    while (!open.isEmpty()) {
      AutoCloseable resource = open.pop();
      try {
        resource.close();
      } catch (Exception e) {
        log.error("server.close_failed", Map.of("resource", resource.getClass()), e);
      }
    }
  }
}
