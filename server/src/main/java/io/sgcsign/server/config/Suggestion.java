// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody probably meant. */
public final class Suggestion {
  /** A third of the word may be wrong; more is another word. */
  private static final int TOLERANCE_DIVISOR = 3;

  private Suggestion() {}

  public static Optional<String> closest(String given, Collection<String> known) {
    return known.stream()
        .filter(k -> distance(given, k) <= Math.max(1, k.length() / TOLERANCE_DIVISOR))
        .min(
            Comparator.<String>comparingInt(k -> distance(given, k))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** {@code Did you mean "port"?}, or the list of what is known. */
  public static String hint(String given, Collection<String> known) {
    return closest(given, known)
        .map(k -> "Did you mean \"" + k + "\"?")
        .orElseGet(() -> "Known are: " + String.join(", ", known.stream().sorted().toList()) + ".");
  }

  /** Damerau–Levenshtein distance, optimal string alignment. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
