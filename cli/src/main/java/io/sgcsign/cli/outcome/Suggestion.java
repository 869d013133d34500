// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.outcome;

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

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(above[j], row[j - 1]) + 1, above[j - 1] + change);
      }
      above = row;
    }
    return above[b.length()];
  }
}
