// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What to do with a file that carries a signature already. */
public enum IfSigned {
  FAIL,
  SKIP,
  APPEND,
  REPLACE;

  public static Optional<IfSigned> byWireName(String name) {
    return Arrays.stream(values()).filter(v -> v.wireName().equals(name)).findFirst();
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
