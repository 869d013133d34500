// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sgcsign.assembly.TokenIssuer;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.config.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * The quickstart's TEST authority on loopback: time stamps at {@code /tsa}, and the files that CRL
 * and AIA locations of its certificates name. A listener of its own, as a real authority would be.
 */
final class TestAuthorityListener implements AutoCloseable {
  /** Bytes; a request is less than 200. */
  private static final int MAX_REQUEST = 64 * 1024;

  private final HttpServer server;

  private TestAuthorityListener(HttpServer server) {
    this.server = server;
  }

  static TestAuthorityListener start(ServerConfig.TestAuthorityConfig config, TokenIssuer issuer)
      throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), config.port());
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/tsa", exchange -> stamp(exchange, issuer));
    server.createContext("/", exchange -> file(exchange, config.folder()));
    server.start();
    return new TestAuthorityListener(server);
  }

  private static void stamp(HttpExchange exchange, TokenIssuer issuer) throws IOException {
    byte[] request = exchange.getRequestBody().readNBytes(MAX_REQUEST);
    send(exchange, 200, "application/timestamp-reply", issuer.respond(Bytes.wrap(request)));
  }

  private static void file(HttpExchange exchange, Path folder) throws IOException {
    String name = exchange.getRequestURI().getPath().substring(1);
    Path file = folder.resolve(name.matches("[a-z]+\\.(cer|crl)") ? name : "none");
    if (Files.isRegularFile(file)) {
      String type = name.endsWith(".crl") ? "application/pkix-crl" : "application/pkix-cert";
      send(exchange, 200, type, Bytes.wrap(Files.readAllBytes(file)));
    } else {
      send(exchange, 404, "text/plain", Bytes.utf8("not found"));
    }
  }

  private static void send(HttpExchange exchange, int status, String type, Bytes body)
      throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.size());
      body.writeTo(exchange.getResponseBody());
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
