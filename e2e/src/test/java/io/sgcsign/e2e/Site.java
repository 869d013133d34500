// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.pki.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server's folder: configuration, keys, data. Servers are started on it again and again. */
final class Site {
  static final String ADMIN_PASSWORD = "correct horse battery";
  static final String ADMIN_VARIABLE = "SGCSIGN_ADMIN_INIT_PW";
  private static final String PFX_VARIABLE = "E2E_PFX_PW";

  private final Path folder;
  private final Map<String, String> server = new LinkedHashMap<>();
  private final Map<String, String> members = new LinkedHashMap<>();
  private final List<String> providers = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();

  private Site(Path folder) {
    this.folder = folder;
    server.put("port", "0");
    server.put("tls", "{ \"enabled\": false }");
    server.put("firewall", "{ \"rate_limit\": { \"max_connections_per_ip\": 1000000 } }");
    server.put("log", "{ \"level\": \"warning\" }");
    environment.put(ADMIN_VARIABLE, ADMIN_PASSWORD);
    environment.put(PFX_VARIABLE, TestPki.PASSWORD);
  }

  /** A plain-HTTP server on any free loopback port that counts no connections. */
  static Site in(Path folder) {
    return new Site(folder);
  }

  /** Sets a key of "server" to a JSON text. */
  Site server(String key, String json) {
    server.put(key, json);
    return this;
  }

  /** Sets a key of the file to a JSON text. */
  Site member(String key, String json) {
    members.put(key, json);
    return this;
  }

  Site variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Site withoutVariable(String name) {
    environment.remove(name);
    return this;
  }

  /** Adds a PFX provider; its file is made here. */
  Site provider(String name, Issued key) {
    return provider(name, key, "{}");
  }

  Site provider(String name, Issued key, String rules) {
    var _ = TestPki.pfx(folder.resolve(name + ".pfx"), key);
    return rawProvider(
        """
        { "name": "%s", "type": "PFX", "rules": %s,
          "params": { "file": "%s.pfx", "password_env": "%s" } }
        """
            .formatted(name, rules, name, PFX_VARIABLE));
  }

  Site rawProvider(String json) {
    providers.add(json);
    return this;
  }

  /** The TEST time-stamp authority inside the server; its anchor is the PKI's root. */
  Site stamping(TestPki pki, int port) {
    var _ = TestPki.pfx(folder.resolve("tsa.pfx"), pki.stamper());
    var _ = pki.rootFile(folder);
    return member(
        "test_authority",
        """
        { "port": %d, "tsa_file": "tsa.pfx", "tsa_password_env": "%s",
          "root_file": "root.pem", "folder": "." }
        """
            .formatted(port, PFX_VARIABLE));
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path folder() {
    return folder;
  }

  Path config() {
    return folder.resolve("sgcSignServer.conf.json");
  }

  Path database() {
    return folder.resolve("data/sgcsignserver.db");
  }

  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  /** Writes the configuration. */
  Site write() {
    var all = new LinkedHashMap<String, String>();
    all.put("server", object(server));
    all.put("providers", "[" + String.join(",\n", providers) + "]");
    all.putAll(members);
    var _ = TestPki.write(config(), object(all));
    return this;
  }

  /** Writes this text as the configuration. */
  Site write(String text) {
    var _ = TestPki.write(config(), text);
    return this;
  }

  private static String object(Map<String, String> members) {
    return members.entrySet().stream()
        .map(e -> "\"" + e.getKey() + "\": " + e.getValue())
        .collect(Collectors.joining(",\n", "{\n", "\n}"));
  }

  /** Starts a server on what was written. */
  ServerProcess start() {
    return ServerProcess.start(
        Packaged.server("--console", "--config", config().toString()), environment, folder);
  }

  /** Runs a command of the server with this configuration to its end. */
  Packaged.Run run(String... arguments) {
    var all =
        Stream.concat(Arrays.stream(arguments), Stream.of("--config", config().toString()))
            .toArray(String[]::new);
    return Packaged.run(Packaged.server(all), environment, folder);
  }

  /** The files below the folder whose names end so. */
  List<Path> files(String suffix) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(f -> f.toString().endsWith(suffix)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
