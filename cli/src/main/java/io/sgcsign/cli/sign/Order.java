// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.format.Option;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is wanted for all files of a run.
 *
 * @param runId names the run in idempotency keys
 * @param options as given; each format checks and completes them
 * @param timestamp whether a stamp is needed, in the words of the API
 */
public record Order(
    String runId,
    String provider,
    SortedMap<String, String> options,
    Optional<String> tsa,
    Optional<String> timestamp,
    IfSigned ifSigned,
    BuildFacts build) {
  public Order {
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }

  /** The options for one format; what becomes of existing signatures is among them. */
  Options optionsFor(SignatureFormat format) {
    Map<String, String> given = new TreeMap<>(options);
    boolean known =
        format.descriptor().options().stream().anyMatch(o -> o.name().equals(Options.EXISTING));
    if (known) {
      given.put(Options.EXISTING, ifSigned == IfSigned.APPEND ? "append" : "replace");
    }
    return Options.of(format.descriptor(), given);
  }

  /** Those the server has to know, with their defaults: both sides see the very same. */
  static SortedMap<String, String> sent(SignatureFormat format, Options options) {
    var sent = new TreeMap<>(options.values());
    format.descriptor().options().stream()
        .filter(o -> o.needed() == Option.Needed.CLIENT)
        .forEach(o -> sent.remove(o.name()));
    return sent;
  }

  /** Whether every new signature has to carry a time stamp as far as this side knows. */
  boolean mustBeStamped() {
    return timestamp.map("required"::equals).orElse(tsa.isPresent());
  }
}
