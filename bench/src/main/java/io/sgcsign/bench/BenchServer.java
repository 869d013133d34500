// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import io.sgcsign.json.Json;
import io.sgcsign.json.JsonException;
import io.sgcsign.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The packaged server as its launcher starts it, with TLS, a durable ledger and two PFX keys. */
final class BenchServer implements AutoCloseable {
  private static final String CONFIG =
      """
      {
        "server": {
          "listen": "127.0.0.1",
          "port": 0,
          "tls": { "enabled": true, "cert_file": "tls.crt", "key_file": "tls.key" },
          "firewall": { "rate_limit": { "enabled": false } },
          "max_upload_mb": 1024,
          "log": { "level": "error" },
          "log_origin": "bench.example/log"
        },
        "storage": { "sqlite_path": "data/ledger.db" },
        "providers": [
          { "name": "rsa", "type": "PFX",
            "params": { "file": "rsa.pfx", "password_env": "SGCSIGN_PFX_PW" },
            "rules": { "timestamp": "optional" } },
          { "name": "ec", "type": "PFX",
            "params": { "file": "ec.pfx", "password_env": "SGCSIGN_PFX_PW" },
            "rules": { "timestamp": "optional" } }
        ],
        "trust": { "anchors_file": "root.pem" }
      }
      """;

  private static final String ADMIN_PASSWORD = "bench-run-only-admin";
  private static final String LISTENS = "sgcsign-server listens on ";

  /** Seconds a start or a stop may take on a busy machine. */
  private static final long PATIENCE = 60;

  private final Process process;
  private final int port;
  private final double readyAfter;
  private final SSLContext tls;

  private BenchServer(Process process, int port, double readyAfter, SSLContext tls) {
    this.process = process;
    this.port = port;
    this.readyAfter = readyAfter;
    this.tls = tls;
  }

  /**
   * Starts the server in {@code folder}, which has the files of {@link Identities#write}.
   *
   * @param javaOptions for its JVM
   */
  static BenchServer start(Path root, Path folder, String javaOptions)
      throws IOException, GeneralSecurityException {
    Path config = Files.writeString(folder.resolve("sgcSignServer.conf.json"), CONFIG);
    var builder =
        new ProcessBuilder(
                root.resolve("bin/sgcsign-server").toString(), "--config", config.toString())
            .redirectError(folder.resolve("server.log").toFile());
    builder.environment().put("SGCSIGN_ADMIN_INIT_PW", ADMIN_PASSWORD);
    builder.environment().put("SGCSIGN_PFX_PW", Identities.PASSWORD);
    builder.environment().put("SGCSIGN_JAVA_OPTS", javaOptions);
    long begun = System.nanoTime();
    Process process = builder.start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(LISTENS)) {
        int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
        double ready = (System.nanoTime() - begun) / 1e9;
        return new BenchServer(process, port, ready, trusting(folder.resolve("root.pem")));
      }
    }
    throw new IOException(
        "The server did not start: " + Files.readString(folder.resolve("server.log")));
  }

  private static SSLContext trusting(Path root) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = Files.newInputStream(root)) {
      store.setCertificateEntry(
          "root",
          java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  long pid() {
    return process.pid();
  }

  int port() {
    return port;
  }

  String url() {
    return "https://127.0.0.1:" + port;
  }

  /** Seconds from the launcher's start until the server listened. */
  double readyAfter() {
    return readyAfter;
  }

  double cpuSeconds() {
    return CpuClock.seconds(pid());
  }

  Connection connect() throws IOException {
    return new Connection(tls, port);
  }

  /** Makes an API key and returns its text. */
  String createKey() throws IOException {
    try (Connection connection = connect()) {
      String login = "{\"user\":\"admin\",\"password\":\"%s\"}".formatted(ADMIN_PASSWORD);
      String token = text(connection.post("/api/v1/admin/login", "", login), "token");
      String bearer = "Authorization: Bearer " + token + "\r\n";
      return text(connection.post("/api/v1/admin/keys", bearer, "{\"name\":\"bench\"}"), "key");
    }
  }

  private static String text(Connection.Answer answer, String member) throws IOException {
    try {
      if (Json.parse(answer.body()) instanceof JsonValue.Obj object) {
        return object
            .text(member)
            .orElseThrow(() -> new IOException("No " + member + " in " + answer.body()));
      }
    } catch (JsonException e) {
      throw new IOException("Not JSON: " + answer.body(), e);
    }
    throw new IOException("No object: " + answer.body());
  }

  /** Asks it to stop and waits. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
