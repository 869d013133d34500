// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.json;

import java.io.Serial;

/** The text is not JSON. */
public final class JsonException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int line;
  private final int column;

  JsonException(String message, int line, int column) {
    super(message);
    this.line = line;
    this.column = column;
  }

  public JsonValue.Location at() {
    return new JsonValue.Location(line, column);
  }
}
