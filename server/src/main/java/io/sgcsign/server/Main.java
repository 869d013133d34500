// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.format.Formats;
import io.sgcsign.format.apk.ApkProvider;
import io.sgcsign.key.KeyProvider;
import io.sgcsign.key.KeyProviders;
import io.sgcsign.server.config.ConfigException;
import io.sgcsign.server.config.ConfigLoader;
import io.sgcsign.server.config.ConfigReference;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.ops.Log;
import io.sgcsign.timestamp.WellKnownAuthorities;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** {@code sgcsign-server}: where clock, chance, environment and streams come from. */
public final class Main {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private static final String HELP =
      """
      Usage: sgcsign-server [--console] [--config PATH]   run the server
             sgcsign-server --check [--config PATH]       check the configuration
             sgcsign-server --selftest-providers [--config PATH]
                                                          open every provider, test-sign where free
             sgcsign-server test-cert --out F.pfx --password-env V [--subject CN] [--key-type T]
                                                          make a self-signed TEST certificate
             sgcsign-server test-cert --tls --out C.crt --key-out K.key [--hosts a,b]
                                                          make a TEST certificate for TLS
             sgcsign-server ledger verify|rebuild|vkeys [--config PATH | --database FILE]
             sgcsign-server ledger export --out FILE.tar [--config PATH | --database FILE]
             sgcsign-server config-schema                 print the JSON Schema of the configuration
             sgcsign-server --version | --help

      The configuration is --config, else $SGCSIGN_CONFIG, else ./sgcSignServer.conf.json,
      else the system's folder (/etc/sgcsign, %ProgramData%\\sgcsign).
      Exit codes: 0 ok, 1 failed, 2 usage, 78 the server cannot start as it is configured.
      """;

  private final House.World world;
  private final PrintStream out;
  private final PrintStream err;

  Main(House.World world, PrintStream out, PrintStream err) {
    this.world = world;
    this.out = out;
    this.err = err;
  }

  /** The libraries' own log; kept here because a logger nobody holds is forgotten. */
  private static final Logger LIBRARIES = Logger.getLogger("io.helidon");

  /** The process. */
  public static void main(String[] args) {
    System.exit(run(KeyProviders.ALL, args));
  }

  /** As {@link #main} with other provider types; returns the exit code. */
  public static int run(List<KeyProvider> providers, String... args) {
    LIBRARIES.setLevel(Level.WARNING);
    ApkProvider.register();
    var world =
        new House.World(
            InstantSource.system(),
            new SecureRandom(),
            name -> Optional.ofNullable(System.getenv(name)),
            providers,
            version());
    return new Main(world, System.out, System.err).run(args);
  }

  static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  int run(String... args) {
    try {
      Arguments arguments = Arguments.parse(args);
      if (arguments.flag("--help") || arguments.flag("-h")) {
        out.print(HELP);
        return OK;
      }
      if (arguments.flag("--version")) {
        out.println("sgcsign-server " + world.version());
        return OK;
      }
      return command(arguments);
    } catch (Arguments.UsageException e) {
      err.println("sgcsign-server: " + e.getMessage());
      err.print(HELP);
      return USAGE;
    } catch (ConfigException e) {
      err.println(e.getMessage());
      return StartException.CONFIG;
    } catch (StartException e) {
      err.println("sgcsign-server: " + e.getMessage());
      return StartException.CONFIG;
    }
  }

  private int command(Arguments arguments) {
    String word = arguments.words().isEmpty() ? "" : arguments.words().getFirst();
    return switch (word) {
      case "" -> server(arguments);
      case "test-cert" -> new FileCommands(world, out).testCert(arguments);
      case "quickstart-files" -> new FileCommands(world, out).quickstart(arguments);
      case "ledger" -> ledger(arguments);
      case "rehearse" -> new RehearseCommand(world, Main::loader).run();
      case "config-schema" -> {
        out.println(ConfigReference.schema(world.providers()));
        yield OK;
      }
      default -> throw new Arguments.UsageException("Unknown command " + word);
    };
  }

  private int ledger(Arguments arguments) {
    String what = arguments.words().size() > 1 ? arguments.words().get(1) : "";
    var command = new LedgerCommand(out, world.clock(), world.random());
    Path database =
        arguments.option("--database").map(Path::of).orElseGet(() -> load(arguments).database());
    return switch (what) {
      case "verify" -> command.verify(database);
      case "rebuild" -> command.rebuild(database);
      case "export" -> command.export(database, Path.of(arguments.required("--out")));
      case "vkeys" -> command.verifierKeys(database);
      default ->
          throw new Arguments.UsageException("ledger takes verify, rebuild, export or vkeys");
    };
  }

  private int server(Arguments arguments) {
    ServerConfig config = load(arguments);
    if (arguments.flag("--check")) {
      return check(config);
    }
    if (arguments.flag("--selftest-providers")) {
      return new SelfTestCommand(world, out).run(config, log(config));
    }
    return serve(config);
  }

  private int check(ServerConfig config) {
    config.warnings().forEach(w -> out.println("warning: " + w));
    out.println(
        config.file() + ": " + (config.warnings().isEmpty() ? "ok" : "usable, see the warnings"));
    return config.warnings().isEmpty() ? OK : FAILED;
  }

  private int serve(ServerConfig config) {
    var stop = new CountDownLatch(1);
    var drained = new CompletableFuture<Integer>();
    House house = House.open(config, world, log(config));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              stop.countDown();
              // a JVM that got SIGTERM ends with 143, which supervisors take for a failure
              Runtime.getRuntime().halt(drained.join());
            }));
    String scheme = config.server().tls().isPresent() ? "https" : "http";
    out.println(
        "sgcsign-server listens on "
            + scheme
            + "://"
            + config.server().listen()
            + ":"
            + house.port());
    out.flush();
    try {
      await(stop);
      house.close();
      drained.complete(OK);
    } finally {
      drained.complete(FAILED);
    }
    return OK;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Log log(ServerConfig config) {
    var level = Log.Level.valueOf(config.server().logLevel().toUpperCase(Locale.ROOT));
    return new Log(level, world.clock(), err);
  }

  private static ConfigLoader loader(House.World world) {
    return new ConfigLoader(
        world.environment(),
        world.providers(),
        Formats.ALL.stream().map(f -> f.descriptor().name()).collect(Collectors.toSet()),
        Formats.ALONE,
        WellKnownAuthorities.ALL.stream().map(URI::toString).toList());
  }

  private ServerConfig load(Arguments arguments) {
    ConfigLoader loader = loader(world);
    if (arguments.option("--config").isPresent()) {
      return loader.load(Path.of(arguments.required("--config")));
    }
    List<Path> places = loader.places(Path.of(""));
    return loader.load(
        places.stream()
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(() ->
                new StartException(
                    "There is no configuration: looked for "
                        + places.stream().map(Path::toString).collect(Collectors.joining(", "))
                        + ".\nCopy sgcSignServer.conf.sample.json, or name a file with"
                        + " --config PATH.")));
  }
}
