// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** An upload that stops in the middle for as long as the test wants. */
final class SlowUpload implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Socket socket = new Socket();
  private final Bytes body;
  private int sent;

  /** Sends the head and {@code first} bytes of the body. */
  SlowUpload(URI server, String apiKey, FormData form, int first) throws IOException {
    this.body = form.body();
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
    socket.setSoTimeout((int) PATIENCE.toMillis());
    String head =
        "POST "
            + Api.SIGN
            + " HTTP/1.1\r\nHost: "
            + server.getAuthority()
            + "\r\nX-API-Key: "
            + apiKey
            + "\r\nContent-Type: "
            + form.contentType()
            + "\r\nContent-Length: "
            + body.size()
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    send(first);
  }

  private void send(int to) throws IOException {
    OutputStream out = socket.getOutputStream();
    body.slice(sent, to).writeTo(out);
    out.flush();
    sent = to;
  }

  /** Sends the rest; the whole answer, head and body, to the end of the connection. */
  Bytes finish() throws IOException {
    send(body.size());
    socket.shutdownOutput();
    return Bytes.wrap(socket.getInputStream().readAllBytes());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
