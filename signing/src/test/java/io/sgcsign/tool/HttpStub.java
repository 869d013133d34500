// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.tool;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An HTTP server on the loopback address that answers every POST by one function. */
public final class HttpStub implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

  private HttpStub(HttpServer server) {
    this.server = server;
    server.setExecutor(workers);
  }

  /** What it answers. */
  public record Answer(int status, String contentType, Bytes body) {}

  /** Writes whatever it likes, however slowly. */
  @FunctionalInterface
  public interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  public static HttpStub answering(Function<Bytes, Answer> function) {
    return handling(exchange -> {
      Bytes request = Bytes.wrap(exchange.getRequestBody().readAllBytes());
      Answer answer = function.apply(request);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      int size = answer.body().size();
      exchange.sendResponseHeaders(answer.status(), size == 0 ? -1 : size);
      answer.body().writeTo(exchange.getResponseBody());
    });
  }

  public static HttpStub handling(Handler handler) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var stub = new HttpStub(HttpServer.create(address, 0));
      stub.server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              handler.handle(exchange);
            }
          });
      stub.server.start();
      return stub;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/tsa");
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }
}
