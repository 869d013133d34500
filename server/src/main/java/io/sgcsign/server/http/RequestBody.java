// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A body as it arrives: Helidon tells of broken connections by unchecked exceptions. */
final class RequestBody extends FilterInputStream {
  RequestBody(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (InsufficientDataAvailableException | UncheckedIOException e) {
      throw broken(e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return super.read(target, offset, length);
    } catch (InsufficientDataAvailableException | UncheckedIOException e) {
      throw broken(e);
    }
  }

  private static IOException broken(RuntimeException cause) {
    var broken = new EOFException("The connection ended before the body did");
    broken.initCause(cause);
    return broken;
  }
}
