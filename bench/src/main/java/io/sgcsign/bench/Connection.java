// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A keep-alive HTTP/1.1 connection over TLS that does as little as it can: what it costs is taken
 * from the processor of the server it measures.
 */
final class Connection implements AutoCloseable {
  private static final String LENGTH = "content-length: ";
  private static final int BUFFER = 64 * 1024;

  private final SSLSocket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String host;

  Connection(SSLContext tls, int port) throws IOException {
    socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), BUFFER);
    out = socket.getOutputStream();
    host = "127.0.0.1:" + port;
  }

  /** What came back. */
  record Answer(int status, String body) {}

  /**
   * Posts JSON and waits for the answer.
   *
   * @param credential a header line with its line end, or nothing
   */
  Answer post(String path, String credential, String body) throws IOException {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    out.write(
        ("POST %s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: application/json\r\n"
                + "Content-Length: %d\r\n\r\n%s")
            .formatted(path, host, credential, content.length, body)
            .getBytes(StandardCharsets.UTF_8));
    out.flush();
    return answer();
  }

  private Answer answer() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    int length = -1;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
        length = Integer.parseInt(line.substring(LENGTH.length()).strip());
      }
    }
    if (length < 0) {
      throw new IOException("An answer without Content-Length");
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("The server closed the connection within an answer");
    }
    return new Answer(status, new String(body, StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("The server closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
