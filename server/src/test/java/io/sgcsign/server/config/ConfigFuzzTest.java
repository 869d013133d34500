// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.key.KeyProviders;
import io.sgcsign.timestamp.WellKnownAuthorities;
import io.sgcsign.tool.FuzzTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Hostile configurations: loaded, or refused with every problem and where it stands. */
public final class ConfigFuzzTest implements FuzzTarget {
  private static final Path SAMPLE = Path.of("../conf/sgcSignServer.conf.sample.json");
  private static final Set<String> PASSWORDS = Set.of("SGCSIGN_ADMIN_INIT_PW", "SGCSIGN_PFX_PW");
  private static final ConfigFuzzTest TARGET = new ConfigFuzzTest();

  private final Path file = temporary();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  private static Path temporary() {
    try {
      Path file = Files.createTempFile("fuzz", ".json");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ConfigLoader loader() {
    return new ConfigLoader(
        name -> PASSWORDS.contains(name) ? Optional.of("a secret of the test") : Optional.empty(),
        KeyProviders.ALL,
        Set.of("authenticode", "apk"),
        Set.of("apk"),
        WellKnownAuthorities.ALL.stream().map(URI::toString).toList());
  }

  @Override
  public String read(Bytes input) {
    try {
      Files.write(file, input.toArray());
      ServerConfig config = loader().load(file);
      assertThat(config.server().port()).isBetween(0, 65_535);
      assertThat(config.toString()).doesNotContain("a secret of the test");
      return config.warnings().isEmpty() ? "good" : "warned";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ConfigException e) {
      assertThat(e.problems()).isNotEmpty();
      for (ConfigProblem problem : e.problems()) {
        assertThat(problem.at().line()).isPositive();
        assertThat(problem.at().column()).isPositive();
        assertThat(problem.message()).isNotBlank();
        assertThat(problem.render("f")).startsWith("f:").doesNotContain("a secret of the test");
      }
      return "refused";
    }
  }

  private static Seed seed(String name, String outcome, String text) {
    return new Seed(name, outcome, Bytes.utf8(text));
  }

  @Override
  public List<Seed> seeds() {
    String provider =
        """
        "name": "p", "type": "PFX", "params": { "file": "a.pfx", "password_env": "SGCSIGN_PFX_PW" }
        """;
    return List.of(
        new Seed("sample", "good", sample()),
        seed(
            "of the brief",
            "good",
            """
            { "server": { "listen": "127.0.0.1", "port": 8443, "tls": { "enabled": false } },
              "storage": { "sqlite_path": "data/sgcsignserver.db" },
              "admin": { "initial_user": "admin", "initial_password_env": "SGCSIGN_ADMIN_INIT_PW" },
              "audit": { "retention_days": 365 }, "providers": [ { %s } ] }
            """
                .formatted(provider)),
        seed(
            "provider twice",
            "refused",
            "{ \"providers\": [{ %1$s }, { %1$s }] }".formatted(provider)),
        seed(
            "rules",
            "refused",
            "{ \"providers\": [{ %s, \"rules\": { \"formats\": [\"nothing\"], \"timestamp\": 1 } }] }"
                .formatted(provider)),
        seed("misspelt", "refused", "{ \"server\": { \"prot\": 1, \"port_env\": \"UNSET\" } }"),
        seed(
            "wrong types",
            "refused",
            "{ \"server\": [], \"storage\": 1, \"admin\": null, \"providers\": {} }"),
        seed(
            "numbers",
            "refused",
            "{ \"server\": { \"port\": 1e999999999, \"max_upload_mb\": -1 } }"),
        seed(
            "more numbers",
            "refused",
            "{ \"server\": { \"port\": 8443.5 }, \"audit\": { \"retention_days\": 99999999999 } }"),
        seed(
            "addresses",
            "refused",
            "{ \"server\": { \"listen\": \"::::\", \"firewall\": { \"allow\": [\"10.0.0.0/99\", \"x\"] } } }"),
        seed(
            "stamps",
            "refused",
            "{ \"timestamping\": { \"authorities\": [{ \"url\": \"file:///x\" }], \"allowed\": [\"::\"] } }"),
        seed("file names", "refused", "{ \"storage\": { \"sqlite_path\": \"a\\u0000b\" } }"),
        seed("surrogate", "refused", "{ \"storage\": { \"sqlite_path\": \"a\\ud800b\" } }"),
        seed(
            "file name of a secret",
            "refused",
            "{ \"providers\": [{ \"name\": \"p\", \"type\": \"PFX\", \"params\":"
                + " { \"file\": \"a.pfx\", \"password_file\": \"a\\u0000b\" } }] }"),
        seed("no object", "refused", "1"),
        seed("not JSON", "refused", "{ \"server\": { \"port\": 1, } }"),
        seed("deep", "refused", "{\"a\":".repeat(200)),
        new Seed("not UTF-8", "refused", Bytes.fromHex("7b22ff227d")),
        new Seed("empty", "refused", Bytes.EMPTY));
  }

  private static Bytes sample() {
    try {
      return Bytes.wrap(Files.readAllBytes(SAMPLE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
