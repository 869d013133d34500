// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.net;

import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Outgoing HTTP calls: HTTP/1.1, a deadline for the whole call, answers of bounded size, no
 * redirects, nothing past the {@link Egress} guard. Thread-safe; owns threads until closed.
 */
public final class RestClient implements AutoCloseable {
  /** What a TCP and TLS handshake across the world takes on a bad day. */
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final HttpClient client;
  private final Egress egress;

  private RestClient(HttpClient client, Egress egress) {
    this.client = client;
    this.egress = egress;
  }

  /**
   * Opens a client.
   *
   * @param proxy decides on proxies, for example {@link ProxySelector#getDefault}; empty: none
   */
  public static RestClient open(Egress egress, Optional<ProxySelector> proxy) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .proxy(proxy.orElse(HttpClient.Builder.NO_PROXY));
    return new RestClient(builder.build(), egress);
  }

  /**
   * A call.
   *
   * @param deadline for everything from the connection to the last byte of the answer
   * @param maxAnswer bytes
   */
  public record Call(
      String method,
      URI target,
      Map<String, String> headers,
      Bytes body,
      Duration deadline,
      int maxAnswer) {
    public Call {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * An answer, whatever its status.
   *
   * @param contentType without parameters, in lower case; empty: none given
   */
  public record Answer(int status, String contentType, Bytes body) {}

  /**
   * Calls and waits for the whole answer.
   *
   * @throws NetException if there is none
   */
  public Answer send(Call call) {
    egress.check(call.target());
    CompletableFuture<HttpResponse<byte[]>> pending =
        client.sendAsync(
            request(call), BodyHandlers.limiting(BodyHandlers.ofByteArray(), call.maxAnswer()));
    try {
      return answer(pending.get(call.deadline().toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw late(call, e);
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      throw new NetException(NetException.Kind.BROKEN, "The call was interrupted", e);
    } catch (ExecutionException e) {
      throw failed(call, Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  private static HttpRequest request(Call call) {
    var publisher =
        call.body().isEmpty()
            ? BodyPublishers.noBody()
            : BodyPublishers.ofByteArray(call.body().toArray());
    var builder =
        HttpRequest.newBuilder(call.target())
            .timeout(call.deadline())
            .method(call.method(), publisher);
    call.headers().forEach(builder::header);
    return builder.build();
  }

  private static Answer answer(HttpResponse<byte[]> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    int parameters = type.indexOf(';');
    String bare = parameters < 0 ? type : type.substring(0, parameters);
    return new Answer(
        response.statusCode(), bare.strip().toLowerCase(Locale.ROOT), Bytes.wrap(response.body()));
  }

  private static NetException failed(Call call, Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException e -> unreachable(call, "no connection in time", e);
      case HttpTimeoutException e -> late(call, e);
      case ConnectException e ->
          e.getCause() instanceof UnresolvedAddressException
              ? unreachable(call, "the host is unknown", e)
              : unreachable(call, "no connection" + detail(e), e);
      case IOException e ->
          new NetException(
              NetException.Kind.BROKEN,
              call.target().getHost() + ": the connection broke" + detail(e),
              e);
      default -> throw new IllegalStateException(cause);
    };
  }

  /** The JDK's exceptions do not always say anything. */
  private static String detail(Exception cause) {
    return cause.getMessage() == null ? "" : ": " + cause.getMessage();
  }

  private static NetException unreachable(Call call, String why, Exception cause) {
    return new NetException(
        NetException.Kind.UNREACHABLE, call.target().getHost() + ": " + why, cause);
  }

  private static NetException late(Call call, Exception cause) {
    return new NetException(
        NetException.Kind.TIMEOUT,
        call.target().getHost() + ": no answer within " + call.deadline().toMillis() + " ms",
        cause);
  }

  /** Breaks what is under way. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
