// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http2.Http2Config;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The listening socket. The only class that builds Helidon's server. */
public final class HttpListener implements AutoCloseable {
  /** Bytes of a request's header. */
  private static final int MAX_HEADERS = 32 * 1024;

  /** HTTP/2 flow control: the default of 1 MiB makes uploads 10 times slower. */
  private static final int HTTP2_WINDOW = 16 * 1024 * 1024;

  private static final int HTTP2_FRAME = 1024 * 1024;

  /** Room beside the file for form fields and boundaries. */
  private static final long FORM_ROOM = 1024 * 1024;

  /** Time requests have to finish when the server stops. */
  private static final Duration DRAIN = Duration.ofSeconds(60);

  private final WebServer server;

  private HttpListener(WebServer server) {
    this.server = server;
  }

  /** Binds and starts answering. */
  static HttpListener start(
      String host,
      int port,
      Optional<SSLContext> tls,
      long maxUpload,
      Router router,
      Supplier<String> requestIds) {
    var builder =
        WebServer.builder()
            .host(host)
            .port(port)
            .shutdownHook(false)
            .shutdownGracePeriod(DRAIN)
            // Nagle's algorithm costs 44 ms an answer here
            .connectionOptions(o -> o.tcpNoDelay(true))
            .maxPayloadSize(maxUpload + FORM_ROOM)
            .protocolsDiscoverServices(false)
            .addProtocol(
                Http1Config.builder().maxHeadersSize(MAX_HEADERS).validatePath(true).build())
            .addProtocol(
                Http2Config.builder()
                    .initialWindowSize(HTTP2_WINDOW)
                    .maxFrameSize(HTTP2_FRAME)
                    .maxHeaderListSize(MAX_HEADERS)
                    .build())
            .directHandlers(directHandlers())
            .routing(routing ->
                routing.any((request, response) ->
                    router.handle(new Exchange(request, response, requestIds.get()))));
    tls.ifPresent(context ->
        builder.tls(t ->
            t.sslContext(context)
                .enabledProtocols(List.of("TLSv1.3", "TLSv1.2"))
                .applicationProtocols(List.of("h2", "http/1.1"))));
    return new HttpListener(builder.build().start());
  }

  /** What Helidon refuses before it reaches the router. */
  private static DirectHandlers directHandlers() {
    DirectHandler handler =
        (request, type, status, headers, message) -> {
          Code code =
              switch (type) {
                case PAYLOAD_TOO_LARGE -> Code.BODY_TOO_LARGE;
                case FORBIDDEN -> Code.FORBIDDEN;
                case INTERNAL_ERROR -> Code.INTERNAL;
                default -> Code.REQUEST_MALFORMED;
              };
          headers.set(HeaderNames.CONTENT_TYPE, "application/problem+json");
          return DirectHandler.TransportResponse.builder()
              .status(Status.create(code.status()))
              .headers(headers)
              .keepAlive(false)
              .entity(Problems.json(Problem.of(code, code.title())))
              .build();
        };
    var handlers = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, handler);
    }
    return handlers.build();
  }

  public int port() {
    return server.port();
  }

  /** Stops accepting, lets running requests finish. */
  @Override
  public void close() {
    server.stop();
  }
}
