// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import io.sgcsign.json.JsonValue.Location;

/** One thing wrong with the configuration file: where, what, and how to mend it. */
public record ConfigProblem(Location at, String pointer, String message, String hint) {

  /** {@code FILE:12:5 /server/prot: unknown key. Did you mean "port"?} */
  public String render(String file) {
    return file
        + ":"
        + at
        + " "
        + (pointer.isEmpty() ? "/" : pointer)
        + ": "
        + message
        + (hint.isEmpty() ? "" : "\n    " + hint.replace("\n", "\n    "));
  }
}
