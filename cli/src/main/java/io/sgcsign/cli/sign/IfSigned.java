// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import java.util.Arrays;
import java.util.List;
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

  public static List<String> names() {
    return Arrays.stream(values()).map(IfSigned::wireName).toList();
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
