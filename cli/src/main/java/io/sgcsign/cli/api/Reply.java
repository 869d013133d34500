// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** A good answer on its way. Valid only while it is received. */
public record Reply(Function<String, Optional<String>> headers, InputStream body) {

  /** Turns an answer into what is wanted; an {@code IOException} means the connection broke. */
  @FunctionalInterface
  public interface Receiver<T> {
    T receive(Reply reply) throws IOException;
  }

  public Optional<String> header(String name) {
    return headers.apply(name);
  }

  /** The body as text. */
  String text(int maxBytes) throws IOException {
    byte[] bytes = body.readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new IOException("The answer is larger than " + maxBytes + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
